import assert from 'node:assert/strict';
import net, { type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { takesConnections } from './takes-connections.ts';

test('a port takes connections while somebody listens, and no longer', async () => {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  assert.equal(await takesConnections(port), true);
  await new Promise((resolve) => server.close(resolve));
  assert.equal(await takesConnections(port), false);
});
