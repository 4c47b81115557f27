import type pg from 'pg';
import type { Values } from '../config/rushhour-config.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { sqlWithParameters } from '../targets/placeholders.ts';
import { OWN_COMMENT } from './own-statements.ts';
import { connectAdmin, type PostgresServer } from './server.ts';
import { AS_TEXT, valuesOf } from './text-values.ts';

/** SQL of somebody's config, and where in it that stands: `dispatch.rows`. */
export interface Question {
  readonly where: string;
  readonly sql: string;
}

/** A session that answers a config's questions and can write nothing. Its statements count as nobody's. */
export interface ReadOnlySession {
  /**
   * Rows by column. Whole numbers and truth values are such, everything else is text as PostgreSQL writes it.
   * @throws HarnessError BAD_CONFIG when the server refuses the SQL, DATABASE_FAILED when the session is lost or it takes too long
   */
  ask(question: Question, values: Values): Promise<Values[]>;
  /** The same with every value as text. */
  askTexts(question: Question, values: Values): Promise<(string | null)[][]>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 60_000;

/** Said anew before each question: a function of the schema might have switched it off for those after it. */
const READ_ONLY = `SET ${OWN_COMMENT} default_transaction_read_only = on`;

/**
 * How values are written must not depend on who asks. The time zone is left as the database has it, since the service sees it so. Given
 * when the session starts: from 18 on, `SET datestyle` of a service with the same role would be the same statement, and left out with it.
 */
const SETTINGS = {
  default_transaction_read_only: 'on',
  statement_timeout: String(TIMEOUT_MS),
  datestyle: 'ISO,YMD',
  intervalstyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
};

function withSettings(connectionString: string): string {
  const url = new URL(connectionString);
  const settings = Object.entries(SETTINGS).map(([name, value]) => `-c ${name}=${value}`);
  url.searchParams.set('options', [url.searchParams.get('options') ?? '', ...settings].join(' ').trim());
  // A plus sign is no space to everybody who reads a connection string.
  return url.toString().replaceAll('+', '%20');
}

/** @throws HarnessError DATABASE_FAILED when it cannot connect */
export async function openReadOnlySession(
  server: PostgresServer,
  database: string,
): Promise<ReadOnlySession> {
  const client = await connectAdmin(
    { ...server, adminUrl: (name) => withSettings(server.adminUrl(name)) },
    database,
  );
  // Scans of the harness's own are not the service's. Only a superuser may say so; for others they are few.
  await client.query(`SET ${OWN_COMMENT} track_counts = off`).catch(() => {});
  const run = async ({ where, sql }: Question, values: Values) => {
    const filled = sqlWithParameters(sql, values);
    const asked = {
      // The extended protocol takes one statement only: SQL that closes the bracket and goes on is refused.
      queryMode: 'extended',
      ...{ text: asQuestion(filled.text), values: filled.values, rowMode: 'array', types: AS_TEXT },
    };
    try {
      const [, answer] = await Promise.all([client.query(READ_ONLY), client.query(asked)]);
      return answer as unknown as { rows: (string | null)[][]; fields: pg.FieldDef[] };
    } catch (error) {
      throw refused(where, error);
    }
  };
  return {
    ask: async (question, values) => {
      const { rows, fields } = await run(question, values);
      return valuesOf(rows, fields);
    },
    askTexts: async (question, values) => (await run(question, values)).rows,
    close: () => client.end().catch(() => {}),
  };
}

/** In a subquery a statement can only read, and a wrapped one has no query id in common with a service's. */
function asQuestion(sql: string): string {
  return `SELECT ${OWN_COMMENT} * FROM (\n${sql.replace(/[\s;]+$/, '')}\n) AS asked`;
}

const READ_ONLY_SQL_TRANSACTION = '25006';
const QUERY_CANCELED = '57014';

/** Classes of https://www.postgresql.org/docs/current/errcodes-appendix.html */
function refused(where: string, error: unknown): HarnessError {
  const { code = '' } = error as { code?: string };
  const said = messageOf(error);
  if (code === QUERY_CANCELED) {
    return new HarnessError(
      'DATABASE_FAILED',
      `${where}: not answered within ${TIMEOUT_MS / 1000} s (${said}).`,
      {
        cause: error,
        hint: 'Let it ask for the rows of one offer only, by columns that have an index.',
      },
    );
  }
  if (code === READ_ONLY_SQL_TRANSACTION) {
    return new HarnessError('BAD_CONFIG', `${where} writes: ${said}. Expected a query that only reads.`, {
      cause: error,
      hint: 'What has to be written belongs into `dataset.seed`, a `migration` or a hook.',
    });
  }
  if (!/^[0-9A-Z]{5}$/.test(code) || /^(?:08|53|57|58|XX)/.test(code)) {
    return new HarnessError('DATABASE_FAILED', `${where} was not answered: ${said}.`, { cause: error });
  }
  return new HarnessError('BAD_CONFIG', `${where}: PostgreSQL refuses it: ${said}. Expected one SELECT.`, {
    cause: error,
    hint: 'It is asked as a subquery: one statement that only reads. Where a parameter has no type of its own, cast it: :day::date.',
  });
}
