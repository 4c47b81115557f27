import assert from 'node:assert/strict';
import { notesFolder, readNotes } from '../../harness/machine/process-notes.ts';
import { watchArgv } from './argv-watch.ts';
import { rushhour as runTool } from './command.ts';
import type { SecretFinder } from './marked-secrets.ts';

export interface WatchedRun {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>> & { readonly RUSHHOUR_CACHE: string };
  readonly cwd: string;
  /** It is interrupted once it has said this. */
  readonly until?: RegExp | undefined;
}

/**
 * Runs the tool and finds no secret in what it says, in what it notes of its processes, in a command line of theirs, nor in its own
 * once it has begun.
 */
export async function assertSaysNoSecret(
  { args, env, cwd, until }: WatchedRun,
  finder: SecretFinder,
): Promise<{ readonly said: string; readonly exitCode: number | undefined }> {
  const run = runTool(args, { env, cwd, all: true });
  const watch = watchArgv(run.pid ?? 0);
  const notes = new Set<string>();
  let said = '';
  let stopped = false;
  run.all?.on('data', (chunk) => {
    said += chunk;
    for (const { note } of readNotes(notesFolder(env.RUSHHOUR_CACHE))) notes.add(JSON.stringify(note));
    if (until?.test(said) && !stopped) stopped = run.kill('SIGINT');
  });
  const { exitCode } = await run;
  const seen = watch.stop();
  assert.deepEqual(finder.find(said), [], said);
  for (const note of notes) assert.deepEqual(finder.find(note), [], note);
  for (const line of seen.descendants) assert.deepEqual(finder.find(line), [], line);
  // A person may type a password; it is gone from the command line as soon as the tool has begun.
  assert.deepEqual(finder.find(seen.own.at(-1) ?? ''), []);
  return { said, exitCode };
}
