import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { formatSlowdown, parseSlowdown, slowDownRequests } from './slowdown.ts';

test('a percentage is read with and without a space, and said back as it is written', () => {
  for (const [text, ratio] of [
    ['5%', 0.05],
    ['5 %', 0.05],
    ['0.1%', 0.001],
    ['7.5%', 0.075],
    ['1000%', 10],
  ] as const) {
    assert.equal(parseSlowdown(text), ratio);
    assert.equal(formatSlowdown(ratio), text.replace(' ', ''));
  }
});

test('anything else is refused with what was expected', () => {
  for (const text of ['', '5', '%', '0%', '0.09%', '1001%', '-5%', '5%%', 'five%', '1e2%', '5  %']) {
    assert.throws(() => parseSlowdown(text), { message: /percentage from 0\.1% to 1000%.*got '.*'/ }, text);
  }
});

/** A service whose handlers take 200 ms by a clock that only moves when it is read (1 ms) or told to. */
async function slowedService(ratio: number) {
  let nowMs = 0;
  const app = Fastify();
  slowDownRequests(app, ratio, () => nowMs++);
  const work = async () => {
    nowMs += 199;
    return { done: true };
  };
  app.get('/health', work);
  app.get('/work', work);
  app.get('/broken', async () => {
    await work();
    throw new Error('broken');
  });
  await app.ready();
  return {
    elapsedMs: async (url: string) => {
      const before = nowMs;
      await app.inject(url);
      return nowMs - before;
    },
  };
}

test('the thread is busy for the asked share of the service time', async () => {
  const service = await slowedService(0.05);
  // Read at 0 when the request comes and at 200 when it is to be answered; 5 % of 200 is 10, so busy until 210 is read.
  assert.equal(await service.elapsedMs('/work'), 211);
});

test('a failed request is slowed as well', async () => {
  const service = await slowedService(0.5);
  assert.equal(await service.elapsedMs('/broken'), 301);
});

test('/health is never slowed: it is no part of what is measured', async () => {
  const service = await slowedService(1);
  assert.equal(await service.elapsedMs('/health'), 200);
});
