import pg from 'pg';
import { splitStatements } from '../capture/split-statements.ts';
import { loadStatementParser } from '../capture/statement-identity.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { CommandConfig, DataStep, RushhourConfig, SqlText, Values } from '../config/rushhour-config.ts';
import { HarnessError, messageOf } from '../errors.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { cancellable } from '../postgres/sessions.ts';
import { setInSession } from './database-settings.ts';
import { refuseFarStatements } from './far-reach.ts';
import { hideSecrets } from './hidden-secrets.ts';
import { serverWords } from './load-failure.ts';
import { databaseValues, prepareCommand } from './prepared-command.ts';
import { runCommand } from './run-command.ts';
import { readSqlText } from './sql-text.ts';

/** A database of ours that steps are done to. */
export interface StepPlace {
  readonly loaded: Pick<LoadedConfig, 'folder'> & { readonly config: Pick<RushhourConfig, 'database'> };
  readonly server: PostgresServer;
  /** Connected as the owner, not inside a transaction. */
  readonly client: pg.Client;
  /** What placeholders of commands stand for, beside the parts of the database's address. */
  readonly values: Values;
  readonly signal: AbortSignal;
  readonly onProgress: (detail: string) => void;
}

/** A migration or a seed takes minutes; one that takes longer waits for something that does not come. */
const COMMAND_TIMEOUT_MS = 3_600_000;

export function isCommand(step: DataStep): step is CommandConfig {
  return typeof step === 'object' && 'command' in step;
}

/**
 * Does steps of a config one after another, as the owner of the database: SQL in the given session, commands as processes that are told the
 * database by their environment.
 *
 * @param where in the config the steps stand: `dataset.schema`
 * @throws HarnessError BAD_CONFIG when PostgreSQL refuses the SQL, REFUSED when it would change more than this database, COMMAND_FAILED,
 * DATABASE_FAILED, INTERRUPTED
 */
export async function runDataSteps(
  steps: readonly DataStep[],
  where: string,
  place: StepPlace,
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    const what = `${where}[${index}]`;
    place.signal.throwIfAborted();
    place.onProgress(`${what}: ${stepName(step)}`);
    if (isCommand(step)) await runStepCommand(step, what, place);
    else await runStepSql(step, what, place);
  }
}

function stepName(step: DataStep): string {
  if (isCommand(step)) return step.command.join(' ');
  return typeof step === 'string' ? 'SQL' : step.file;
}

async function runStepCommand(config: CommandConfig, what: string, place: StepPlace): Promise<void> {
  const { loaded, server, client, signal } = place;
  const { open, secret } = databaseValues(server.adminUrl(client.database));
  const values = { open: { ...place.values, ...open }, secret };
  const prepared = prepareCommand(config, { what, baseFolder: loaded.folder, values });
  const { secrets } = prepared;
  // Programs print the URL they connect to.
  const onLine = (line: string) => place.onProgress(`${what}: ${hideSecrets(line, secrets)}`);
  await runCommand({ ...prepared, signal, timeoutMs: COMMAND_TIMEOUT_MS, onLine });
}

async function runStepSql(sql: SqlText, what: string, place: StepPlace): Promise<void> {
  const { loaded, server, client, signal } = place;
  const text = readSqlText(loaded, what, sql);
  const named = typeof sql === 'string' ? what : `${what} (${sql.file})`;
  await loadStatementParser();
  refuseFarStatements(text, named);
  try {
    await cancellable(server, client, signal, () => runWhole(client, text));
  } catch (error) {
    throw signal.aborted ? error : sqlFailure(error, text, named);
  }
  await resetSession(place, named);
}

const ACTIVE_SQL_TRANSACTION = '25001';

/** All statements at once are one transaction, in which some may not run: CREATE INDEX CONCURRENTLY, VACUUM. Then one after another. */
async function runWhole(client: pg.Client, text: string): Promise<void> {
  try {
    await client.query(text);
  } catch (error) {
    const statements = splitStatements(text);
    const { code } = error as { code?: string };
    if (code !== ACTIVE_SQL_TRANSACTION || !statements || statements.length < 2) throw error;
    await client.query('ROLLBACK');
    for (const statement of statements) await client.query(statement);
  }
}

/** What a step has set must not reach the next: dumps begin with an empty search_path. */
async function resetSession({ client, loaded }: StepPlace, what: string): Promise<void> {
  try {
    await client.query('DISCARD ALL');
  } catch (error) {
    if ((error as { code?: string }).code !== ACTIVE_SQL_TRANSACTION) throw error;
    throw new HarnessError(
      'BAD_CONFIG',
      `${what}: it leaves a transaction open: expected a COMMIT at its end.`,
    );
  }
  await setInSession(client, loaded.config.database?.settings ?? {});
}

function sqlFailure(error: unknown, text: string, what: string): HarnessError {
  if (error instanceof HarnessError) return error;
  if (!(error instanceof pg.DatabaseError) || /^(08|53|57|58|XX)/.test(error.code ?? '')) {
    return new HarnessError('DATABASE_FAILED', `${what}: ${messageOf(error)}`, { cause: error });
  }
  const at = Number(error.position ?? 0);
  const line = at > 0 ? `, line ${text.slice(0, at).split('\n').length}` : '';
  const psql = /^\\/m.test(text) || /^COPY .* FROM stdin/im.test(text);
  return new HarnessError('BAD_CONFIG', `${what}${line}: PostgreSQL says: ${serverWords(error)}`, {
    cause: error,
    hint: psql
      ? "It was written for psql (\\ commands, or rows after COPY): give it as a command, ['psql', '--no-psqlrc', '-v', 'ON_ERROR_STOP=1', '-f', …] with PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE in its environment."
      : 'Run it by hand in an empty database.',
  });
}
