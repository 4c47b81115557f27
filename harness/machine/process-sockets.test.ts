import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { connectedPorts, listeningSockets, socketsOf } from './process-sockets.ts';

const linuxOnly = { skip: process.platform === 'linux' ? false : 'reads /proc' };

test(
  'a process is known by the port that it listens at, and by those of its connections to a place',
  linuxOnly,
  async (t) => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const accepted = once(server, 'connection');
    const client = connect(port, '127.0.0.1');
    t.after(() => {
      client.destroy();
      server.close();
    });
    const [other] = (await accepted) as [Socket];
    t.after(() => other.destroy());

    const listening = [...listeningSockets(port)];
    assert.equal(listening.length, 1);
    assert.ok(socketsOf(process.pid).includes(listening[0] ?? ''));
    // The other end of it is this process's too, and leads somewhere else.
    assert.deepEqual([...connectedPorts([process.pid], port)], [client.localPort]);
    assert.deepEqual([...connectedPorts([process.ppid], port)], []);
  },
);
