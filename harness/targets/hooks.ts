import type { LoadedConfig } from '../config/loaded-config.ts';
import { databaseValues, prepareCommand } from './prepared-command.ts';
import { runCommand } from './run-command.ts';
import type { ResetContext } from './target.ts';

/** A hook restarts a worker or flushes a cache; one that takes longer hangs. */
const HOOK_LIMIT_MS = 120_000;

/**
 * Does what the user wants done before a database is replaced, or after: the commands of the config, in their order, each to its end.
 * Before, the database may not be there yet.
 *
 * @throws HarnessError COMMAND_FAILED when one fails or takes more than two minutes; those after it are not run then
 */
export async function runHooks(
  loaded: LoadedConfig,
  phase: 'before' | 'after',
  reset: ResetContext,
  options: { readonly timeoutMs?: number } = {},
): Promise<void> {
  const name = phase === 'before' ? 'beforeReset' : 'afterReset';
  const commands = loaded.config.hooks?.[name] ?? [];
  const url = loaded.config.variants[reset.variant]?.url;
  const { open, secret } = databaseValues(reset.server.serviceUrl(reset.databaseName));
  const values = {
    open: {
      ...open,
      phase,
      variant: reset.variant,
      ...(url === undefined ? {} : { baseUrl: new URL(url).origin }),
    },
    secret,
  };
  for (const [index, config] of commands.entries()) {
    const what = `hooks.${name}[${index}]`;
    const prepared = prepareCommand(config, { what, baseFolder: loaded.folder, values });
    await runCommand({ ...prepared, signal: reset.signal, timeoutMs: options.timeoutMs ?? HOOK_LIMIT_MS });
  }
}
