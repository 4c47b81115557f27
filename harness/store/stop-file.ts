import { existsSync } from 'node:fs';
import path from 'node:path';
import { HarnessError } from '../errors.ts';
import type { Progress } from '../progress.ts';

/** Made by anybody in the folder of a result that is being measured, it ends that in order, as Ctrl-C does where it runs. */
export const STOP_FILE = 'STOP';

const LOOK_EVERY_MS = 500;

/**
 * Does work that ends when the file is there.
 * @param folder of the result
 * @param context.progress is told when it is there
 * @param work gets a signal that fires then too, with a HarnessError INTERRUPTED
 */
export async function untilStopFile<T>(
  folder: string,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: Progress },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const file = path.join(folder, STOP_FILE);
  const found = new AbortController();
  const look = () => {
    if (found.signal.aborted || !existsSync(file)) return;
    progress.note(`  ${file} is there: stopping what was started and keeping what was measured`);
    found.abort(
      new HarnessError('INTERRUPTED', `Interrupted by the file ${file}: what was measured is kept.`, {
        hint: 'Remove the file before you go on with --resume.',
      }),
    );
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  try {
    return await work(AbortSignal.any([signal, found.signal]));
  } finally {
    clearInterval(timer);
  }
}
