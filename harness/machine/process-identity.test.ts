import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { isStillRunning, parsePs, parseStart, readProcess } from './process-identity.ts';

// Fields 1 to 24 as Linux writes them; the 22nd is the start.
const stat = (state: string) =>
  `4711 (a (b) c) ${state} 1 4711 4711 0 -1 4194304 100 0 0 0 7 3 0 0 20 0 11 0 987654 1000000 2000`;

test('the start is the 22nd field of /proc/PID/stat, whatever the program is called', () => {
  assert.equal(parseStart(stat('S')), 987_654);
});

test('a process that has ended and was not waited for is none', () => {
  assert.equal(parseStart(stat('Z')), null);
  assert.equal(parsePs(1, 'Z    Thu Nov 26 06:21:42 2026     (node)'), null);
});

test('a line of ps gives start and command, also of a day with one digit and a command with spaces', () => {
  assert.deepEqual(parsePs(9, 'Ss+  Sun Nov  1 06:21:42 2026     /opt/my tools/k6 run a.js\n'), {
    pid: 9,
    startedAt: 'Sun Nov  1 06:21:42 2026',
    command: '/opt/my tools/k6 run a.js',
  });
  assert.equal(parsePs(9, ''), null);
});

test('this process is found again by its pid and its start, and another start is another process', {
  skip: process.platform === 'win32' ? 'Windows does not tell it' : false,
}, () => {
  const self = readProcess(process.pid);
  assert.ok(self);
  assert.match(self.command, /node/);
  assert.deepEqual(readProcess(process.pid), self);
  assert.equal(isStillRunning(process.pid, self.startedAt), true);
  assert.equal(isStillRunning(process.pid, `${self.startedAt}0`), false);
  assert.equal(isStillRunning(process.pid, ''), true); // the start was not known: the pid decides
});

test('a process that has ended is none', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  assert.equal(readProcess(child.pid ?? 0), null);
});
