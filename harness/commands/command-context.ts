import { acquireEmbeddedServer } from '../postgres/embedded-server.ts';
import { type PostgresServer, useServer } from '../postgres/server.ts';
import { dropAbandoned } from '../postgres/templates.ts';
import type { Progress } from '../progress.ts';
import { withResources } from '../resources.ts';

/** What every verb gets: when to stop, where to say what it does, where to put its result. */
export interface CommandContext {
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Writes a line to stdout. */
  readonly print: (line: string) => void;
  /** 0 unless a verb says otherwise. */
  exitCode: number;
}

/**
 * Runs `work` with a PostgreSQL server: the one of `--server`, else the embedded one, which is stopped again when
 * nobody else uses it.
 *
 * @param options.keepAbandoned for verbs that work on a database which the process that made it may have left behind
 */
export async function withServer<T>(
  context: CommandContext,
  serverUrl: string | undefined,
  work: (server: PostgresServer) => Promise<T>,
  options: { readonly keepAbandoned?: boolean } = {},
): Promise<T> {
  return withResources(async (onRelease) => {
    const server = await context.progress.step('PostgreSQL', async (update) => {
      if (serverUrl) return useServer(serverUrl);
      return acquireEmbeddedServer({ onProgress: update });
    });
    onRelease(server.release);
    const abandoned = options.keepAbandoned ? [] : await dropAbandoned(server);
    if (abandoned.length > 0)
      context.progress.note(`  dropped ${abandoned.length} database(s) left by a run that was killed`);
    context.signal.throwIfAborted();
    return work(server);
  });
}

export function printJson(context: CommandContext, value: unknown): void {
  context.print(JSON.stringify(value, null, 2));
}
