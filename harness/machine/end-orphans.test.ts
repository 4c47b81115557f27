import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { isProcessAlive } from '../process-alive.ts';
import { endOrphans, findOrphans } from './end-orphans.ts';
import { noteProcess, type ProcessNote } from './process-notes.ts';

const READY = "console.log('ready'); setInterval(() => {}, 1e6);";

async function notes(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rushhour-notes-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

/** A process that leads a group, noted; it is running the script when this resolves. */
async function start(t: TestContext, folder: string, script = READY) {
  const child = spawn(process.execPath, ['-e', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const forget = noteProcess({ pid: child.pid, what: 'service', leadsGroup: true }, folder);
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  return { child, forget, closed };
}

/** Rewrites the notes as if another process than this one had started what they name. */
async function killOwner(folder: string, change: (note: ProcessNote) => ProcessNote = (note) => note) {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const note = JSON.parse(await readFile(file, 'utf8')) as ProcessNote;
    const owner = { ...note.owner, startedAt: `${note.owner.startedAt} earlier` };
    await writeFile(file, JSON.stringify(change({ ...note, owner })));
  }
}

const endOf = (child: ChildProcess) =>
  child.signalCode ?? once(child, 'exit').then(([, signal]) => signal as string);

test('what runs for this process is no orphan, and its note goes when it is forgotten', async (t) => {
  const folder = await notes(t);
  const { child, forget } = await start(t, folder);
  assert.deepEqual(findOrphans(folder), []);
  assert.deepEqual(await endOrphans({ folder }), { ended: [], left: [] });
  assert.ok(isProcessAlive(child.pid ?? 0));
  assert.equal((await readdir(folder)).length, 1);
  forget();
  assert.deepEqual(await readdir(folder), []);
});

test('an orphan is asked to end, told by name and pid, and its note is gone', async (t) => {
  const folder = await notes(t);
  const { child } = await start(t, folder);
  await killOwner(folder);
  const { ended, left } = await endOrphans({ folder });
  assert.deepEqual(
    ended.map((note) => [note.what, note.process.pid]),
    [['service', child.pid]],
  );
  assert.deepEqual(left, []);
  assert.equal(await endOf(child), 'SIGTERM');
  assert.deepEqual(await readdir(folder), []);
});

test('an orphan that does not listen is killed after the grace, together with what it has started', async (t) => {
  const folder = await notes(t);
  const script = `
    process.on('SIGTERM', () => {});
    const script = "process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1e6);";
    require('node:child_process').spawn(process.execPath, ['-e', script], { stdio: 'inherit' });`;
  const { child, closed } = await start(t, folder, script);
  await killOwner(folder);
  assert.equal((await endOrphans({ folder, graceMs: 100 })).ended.length, 1);
  assert.equal(await endOf(child), 'SIGKILL');
  await closed; // of the pipe that its child has held as well
});

test('what an orphan has started is killed although the orphan itself has listened', {
  skip: process.platform === 'linux' ? false : 'told by /proc',
}, async (t) => {
  const folder = await notes(t);
  const script = `
    const script = "process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1e6);";
    require('node:child_process').spawn(process.execPath, ['-e', script], { stdio: 'inherit' });`;
  const { child, closed } = await start(t, folder, script);
  await killOwner(folder);
  assert.equal((await endOrphans({ folder, graceMs: 100 })).ended.length, 1);
  assert.equal(await endOf(child), 'SIGTERM');
  await closed; // of the pipe that its child has held as well
});

test('a pid that went on to somebody else is left alone, and only the note goes', async (t) => {
  const folder = await notes(t);
  const { child } = await start(t, folder);
  await killOwner(folder, (note) => ({
    ...note,
    process: { ...note.process, startedAt: `${note.process.startedAt}0` },
  }));
  assert.deepEqual(await endOrphans({ folder }), { ended: [], left: [] });
  assert.equal(child.signalCode, null);
  assert.ok(isProcessAlive(child.pid ?? 0));
  assert.deepEqual(await readdir(folder), []);
});

test('a note that is cut off ends nothing and goes with its dead writer; files of others stay', async (t) => {
  const folder = await notes(t);
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  await writeFile(
    path.join(folder, `${child.pid}-${process.pid}-00000000.json`),
    '{"what":"k6","process":{"pi',
  );
  await writeFile(path.join(folder, 'README'), 'not a note');
  assert.deepEqual(await endOrphans({ folder }), { ended: [], left: [] });
  assert.deepEqual(await readdir(folder), ['README']);
});

test('a folder that cannot be written to keeps nothing from being started', async (t) => {
  const folder = await notes(t);
  await writeFile(path.join(folder, 'file'), '');
  noteProcess({ pid: process.pid, what: 'k6', leadsGroup: false }, path.join(folder, 'file'))();
  assert.deepEqual(findOrphans(path.join(folder, 'nowhere')), []);
});
