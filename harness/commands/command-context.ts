import { HarnessError } from '../errors.ts';
import { endOrphans } from '../machine/end-orphans.ts';
import { namesOf } from '../machine/orphans.ts';
import { dropAbandoned } from '../postgres/abandoned-databases.ts';
import { acquireEmbeddedServer } from '../postgres/embedded-server.ts';
import { refuseProduction } from '../postgres/production-signs.ts';
import { type PostgresServer, useServer } from '../postgres/server.ts';
import type { Progress } from '../progress.ts';
import { countOf } from '../quantity.ts';
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

/** How long the server may take to notice that processes which were just ended have gone. */
const SESSIONS_LEAVE_MS = 5_000;

export interface ServerArguments {
  /** URL; absent: the embedded server. */
  readonly server?: string | undefined;
  /** Host of a server that may be used although it looks like a production. */
  readonly allowServer?: string | undefined;
}

/**
 * Runs `work` with a PostgreSQL server: the one of `--server`, else the embedded one, which is stopped again when
 * nobody else uses it.
 *
 * @throws HarnessError REFUSED for a server that looks like a production, unless it is allowed by its name
 * @param options.keepAbandoned for verbs that work on a database which the process that made it may have left behind
 */
export async function withServer<T>(
  context: CommandContext,
  { server: serverUrl, allowServer }: ServerArguments,
  work: (server: PostgresServer) => Promise<T>,
  options: { readonly keepAbandoned?: boolean } = {},
): Promise<T> {
  if (allowServer !== undefined && !serverUrl) {
    throw new HarnessError('BAD_OPTION', '--allow-server: expected --server beside it, got none.', {
      hint: "The embedded server is the tool's own and needs no consent.",
    });
  }
  return withResources(async (onRelease) => {
    const ended = await endLeftovers(context);
    const server = await context.progress.step('PostgreSQL', async (update) => {
      if (serverUrl) return useServer(serverUrl);
      return acquireEmbeddedServer({ onProgress: update });
    });
    onRelease(server.release);
    if (!server.embedded) await refuseProduction(server, allowServer);
    const abandoned = options.keepAbandoned
      ? []
      : await dropAbandoned(server, ended > 0 ? SESSIONS_LEAVE_MS : 0);
    if (abandoned.length > 0)
      context.progress.note(`  dropped ${abandoned.length} database(s) left by a run that was killed`);
    context.signal.throwIfAborted();
    return work(server);
  });
}

/** Ends what a run that was killed has left running, and says so. Returns how many processes that were. */
async function endLeftovers({ progress }: CommandContext): Promise<number> {
  const { ended, left } = await endOrphans();
  if (ended.length > 0)
    progress.note(
      `  ended ${countOf(ended.length, 'process', 'processes')} left by a run that was killed: ${namesOf(ended)}`,
    );
  if (left.length > 0)
    progress.note(
      `  a run that was killed has left processes that this account may not end: ${namesOf(left)}`,
    );
  return ended.length;
}

export function printJson(context: CommandContext, value: unknown): void {
  context.print(JSON.stringify(value, null, 2));
}
