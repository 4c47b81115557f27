import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeNotes, namesOf } from './orphans.ts';
import type { ProcessIdentity } from './process-identity.ts';
import type { StoredNote } from './process-notes.ts';

const HARNESS: ProcessIdentity = {
  pid: 100,
  startedAt: 'boot-1 5000',
  command: 'node rushhour.js run smoke',
};
const SERVICE: ProcessIdentity = { pid: 101, startedAt: 'boot-1 5200', command: 'node target/main.ts' };

const stored: StoredNote = {
  file: '100-101-00000000.json',
  ownerPid: 100,
  note: { what: 'service optimised', process: SERVICE, leadsGroup: true, owner: HARNESS },
};

/** What becomes of the note on a machine that runs these processes. */
function judge(running: readonly ProcessIdentity[], note: StoredNote = stored): string {
  const { orphans, outdated } = judgeNotes(
    [note],
    (pid) => running.find((process) => process.pid === pid) ?? null,
  );
  assert.ok(orphans.length + outdated.length <= 1);
  return orphans.length > 0 ? 'orphaned' : outdated.length > 0 ? 'outdated' : 'left alone';
}

test('a process whose owner has gone is an orphan', () => {
  assert.equal(judge([SERVICE]), 'orphaned');
});

test('a process whose owner lives is left alone, whether it runs or has ended', () => {
  assert.equal(judge([SERVICE, HARNESS]), 'left alone');
  assert.equal(judge([HARNESS]), 'left alone');
});

test("an owner's pid that went on to another process is no owner", () => {
  assert.equal(judge([SERVICE, { ...HARNESS, startedAt: 'boot-1 9000' }]), 'orphaned');
});

test('an owner that has given itself another title still is the owner', () => {
  assert.equal(judge([SERVICE, { ...HARNESS, command: 'rushhour' }]), 'left alone');
});

test('a pid that went on to another process is not touched', () => {
  assert.equal(judge([{ ...SERVICE, startedAt: 'boot-1 9000' }]), 'outdated'); // even by the same command
  assert.equal(judge([{ ...SERVICE, command: 'vim notes.txt' }]), 'outdated'); // even with the same start
  assert.equal(judge([{ ...SERVICE, startedAt: 'boot-2 5200' }]), 'outdated'); // after a restart of the machine
});

test('a process that has ended leaves an outdated note', () => {
  assert.equal(judge([]), 'outdated');
});

test('a note that a crash has cut off ends nothing, and stays while its writer may still be writing it', () => {
  const cut = { ...stored, note: null };
  assert.equal(judge([SERVICE], cut), 'outdated');
  assert.equal(judge([SERVICE, HARNESS], cut), 'left alone');
});

test('each note is judged by itself', () => {
  const other = { ...HARNESS, pid: 200 };
  assert.ok(stored.note);
  const owned: StoredNote = { file: 'owned', ownerPid: 200, note: { ...stored.note, owner: other } };
  const gone: StoredNote = {
    file: 'gone',
    ownerPid: 100,
    note: { ...stored.note, process: { ...SERVICE, pid: 102 } },
  };
  const running = [SERVICE, other];
  const { orphans, outdated } = judgeNotes(
    [stored, owned, gone],
    (pid) => running.find((process) => process.pid === pid) ?? null,
  );
  assert.deepEqual(
    [orphans.map(({ file }) => file), outdated.map(({ file }) => file)],
    [[stored.file], ['gone']],
  );
  assert.equal(namesOf(orphans.map(({ note }) => note)), 'service optimised (pid 101)');
});
