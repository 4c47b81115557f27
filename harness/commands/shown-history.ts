/** Which file of nights a verb shows that needs no config, but takes what one in the working folder says. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Options } from 'yargs';
import { findConfig } from '../config/load-config.ts';
import { HarnessError } from '../errors.ts';
import { DEFAULT_HISTORY, historyFileOf } from '../history/history-place.ts';
import type { CommandContext } from './command-context.ts';

export const SHOWN_HISTORY = {
  type: 'string',
  requiresArg: true,
  describe: `File of the nights whose trends are drawn. Default: as the config here says, else ${DEFAULT_HISTORY}`,
} as const satisfies Options;

/**
 * The file that is named, else that of the config in the working folder, else the usual one there; a file that is not named may be missing.
 * Results can be looked at while a config is being written: one that is wrong is only told.
 *
 * @throws HarnessError RESULT_NOT_FOUND when the named file is not there
 */
export async function shownHistory({ progress }: CommandContext, flag: string | undefined): Promise<string> {
  if (flag !== undefined) {
    await requireHistory(flag);
    return path.resolve(flag);
  }
  try {
    const loaded = await findConfig(undefined, process.cwd());
    if (loaded !== null) return historyFileOf(loaded, undefined);
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    progress.note(`  nights are those of ${DEFAULT_HISTORY}: the config here is wrong. ${error.message}`);
  }
  return path.resolve(DEFAULT_HISTORY);
}

/** @throws HarnessError RESULT_NOT_FOUND when there is no such file */
export async function requireHistory(file: string): Promise<void> {
  await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') return; // reading it says what is wrong
    throw new HarnessError('RESULT_NOT_FOUND', `--history: there is no file ${path.resolve(file)}.`, {
      hint: '`rushhour nightly` makes it with its first night; --history FILE names another one.',
    });
  });
}
