import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import { freePort } from '../../harness/machine/free-port.ts';
import { startService } from '../../harness/service/service-process.ts';
import { listResultIds, readResult } from '../../harness/store/read-results.ts';
import { rushhour as runTool, scratchFolder } from '../support/command.ts';
import { removeServerFiles } from '../support/database.ts';
import { SMALLEST_OPTIONS } from '../support/smallest-shape.ts';
import { assertNothingIsLeft } from '../support/started-processes.ts';

const PASSED = new RegExp(`^(${EXIT.fine}|${EXIT.thresholdsFailed})$`);

describe('two harnesses at once', { timeout: 900_000 }, () => {
  let cache: string;
  before(async () => {
    cache = await mkdtemp(path.join(tmpdir(), 'rushhour-two-'));
  });
  after(async () => {
    await removeServerFiles(cache);
    await rm(cache, { recursive: true, force: true });
  });

  test('on the same results and the same cluster, neither there before, both measure, and the last one stops the server', async (t) => {
    const results = await scratchFolder(t);
    const load = ['run', 'smoke', '--generator', 'autocannon', '--probes', '1', '--duration-factor', '0.01'];
    const start = (variant: string) =>
      runTool([...load, '--variant', variant, ...SMALLEST_OPTIONS, '--results', results], {
        env: { RUSHHOUR_CACHE: cache },
      });
    const both = await Promise.all([start('optimised'), start('indexes')]);
    // Two at once on so little data say nothing of speed: a threshold may fail.
    for (const { exitCode, stderr } of both) assert.match(`${exitCode}`, PASSED, `${stderr}`);
    const stored = await Promise.all((await listResultIds(results)).map((id) => readResult(results, id)));
    const runs = stored.flatMap((one) => (one.kind === 'run' ? [one.run] : []));
    assert.deepEqual(runs.map(({ variant, state }) => [variant, state]).sort(), [
      ['indexes', 'complete'],
      ['optimised', 'complete'],
    ]);
    // Both dispatched the same company-days of the same dataset, each on a database of its own.
    const [one, other] = runs;
    assert.equal(one?.dataset.digest, other?.dataset.digest);
    assert.equal(one?.outcome?.assignmentsDigest, other?.outcome?.assignmentsDigest);
    await assertNothingIsLeft(cache, []);
  });
});

describe('a port that is taken', { timeout: 900_000 }, () => {
  const entry = [path.resolve(import.meta.dirname, '../fixtures/wrong/mortal-service.ts')];
  const options = { variant: 'mortal', databaseUrl: 'postgres://nobody@nowhere/', entry };

  /** Somebody else's service, which is in good health. */
  async function takePort(t: TestContext): Promise<number> {
    const other = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    t.after(() => other.close());
    return (other.address() as AddressInfo).port;
  }

  test('and was asked for is refused, although whoever has it answers in place of the service', async (t) => {
    const port = await takePort(t);
    await assert.rejects(startService({ ...options, port }), {
      code: 'SERVICE_START_FAILED',
      message: `The service cannot listen on 127.0.0.1:${port}: expected a free port, got one that is taken.`,
    });
  });

  test('and was not asked for is given up for another one', async (t) => {
    const ports = [await takePort(t), await freePort()];
    const last = ports.at(-1);
    const service = await startService({ ...options, choosePort: async () => ports.shift() ?? 0 });
    assert.equal(service.baseUrl, `http://127.0.0.1:${last}`);
    await service.stop();
  });

  test('three times over is told', async (t) => {
    const port = await takePort(t);
    let asked = 0;
    const choosePort = async () => {
      asked += 1;
      return port;
    };
    await assert.rejects(startService({ ...options, choosePort }), { code: 'SERVICE_START_FAILED' });
    assert.equal(asked, 3);
  });
});
