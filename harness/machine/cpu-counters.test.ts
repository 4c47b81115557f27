import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuBetween, parseMachineTicks, parseProcessStat } from './cpu-counters.ts';

test('a process name with spaces and parentheses does not shift the fields of /proc/PID/stat', () => {
  const text = '42 (postgres: a (b) c) S 7 42 42 0 -1 4194560 100 0 0 0 250 50 30 20 20 0 1 0 12345 0 0';
  // utime 250 + stime 50 ticks of 10 ms = 3000 ms; children 30 + 20 ticks = 500 ms
  assert.deepEqual(parseProcessStat(text), { parentPid: 7, ownMs: 3000, endedChildrenMs: 500 });
});

test('time waiting for the disk counts as idle, stolen time is told apart', () => {
  const ticks = parseMachineTicks('cpu  100 0 50 800 40 0 5 5 0 0\ncpu0 1 2 3\n');
  assert.deepEqual(ticks, { total: 1000, idle: 840, steal: 5 });
});

test('shares are those of the time between two readings', () => {
  const reading = (atMs: number, idle: number, total: number) => ({
    atMs,
    postgresMs: atMs / 2,
    serviceMs: null,
    harnessMs: 0,
    machine: { total, idle, steal: 0 },
  });
  const use = cpuBetween(reading(1000, 500, 1000), reading(3000, 550, 1200), 120);
  assert.equal(use.machineBusyRatio, 0.75); // 200 ticks passed, 50 of them idle
  assert.equal(use.postgresMs, 1000);
  assert.equal(use.serviceMs, null);
  assert.equal(use.generatorMs, 120);
});
