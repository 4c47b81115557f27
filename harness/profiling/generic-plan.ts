import type pg from 'pg';
import type { CapturedStatement } from '../capture/transcript.ts';
import { messageOf } from '../errors.ts';
import { readPlan } from './plan-nodes.ts';
import type { PlanOrReason } from './statement-record.ts';

/**
 * What a server answers that does not know the option: syntax_error, or undefined_parameter, since it looks at the
 * statement first and finds `$1` in it.
 */
const OPTION_UNKNOWN = ['42601', '42P02'];

const NAME = 'rushhour_generic';

/**
 * The plan that a prepared statement gets when the server has stopped looking at its parameters, which by default it does
 * from the sixth execution on if that costs no more (PostgreSQL manual, PREPARE). It is not executed.
 *
 * `EXPLAIN (GENERIC_PLAN)` came with 16. Before it, and where the service named the types of its parameters, which that
 * option cannot be told, the statement is prepared and explained with NULLs that a forced generic plan never sees.
 */
export async function genericPlan(client: pg.Client, statement: CapturedStatement): Promise<PlanOrReason> {
  if (statement.protocol === 'simple') {
    return { unavailable: 'its values are in its text, so it is planned anew for each of them' };
  }
  try {
    const explained = typed(statement)
      ? await explainPrepared(client, statement)
      : await explainGeneric(client, statement);
    const plan = readPlan(explained);
    const { plan_cache_mode: _ours, ...settings } = plan.settings;
    return { ...plan, settings };
  } catch (error) {
    return { unavailable: `the server has no generic plan for it: ${messageOf(error)}` };
  }
}

function typed({ parameterTypes }: CapturedStatement): boolean {
  return parameterTypes.some((oid) => oid !== 0);
}

async function explainGeneric(client: pg.Client, statement: CapturedStatement): Promise<unknown> {
  try {
    return await explain(client, `EXPLAIN (GENERIC_PLAN, SETTINGS, FORMAT JSON) ${statement.text}`);
  } catch (error) {
    if (!OPTION_UNKNOWN.includes(String((error as { code?: unknown }).code))) throw error;
    return explainPrepared(client, statement);
  }
}

async function explainPrepared(client: pg.Client, statement: CapturedStatement): Promise<unknown> {
  const types = await typeNames(client, statement);
  const nulls = statement.parameters.map(() => 'NULL');
  await client.query('SET plan_cache_mode = force_generic_plan');
  await client.query(`PREPARE ${NAME}${inBrackets(types)} AS ${statement.text}`);
  try {
    return await explain(client, `EXPLAIN (SETTINGS, FORMAT JSON) EXECUTE ${NAME}${inBrackets(nulls)}`);
  } finally {
    await client.query(`DEALLOCATE ${NAME}`);
    await client.query('RESET plan_cache_mode');
  }
}

/** A parameter whose type was left to the server is `unknown` here, which leaves it to the server again. */
async function typeNames(client: pg.Client, statement: CapturedStatement): Promise<string[]> {
  if (!typed(statement)) return [];
  const oids = statement.parameters.map((_, at) => statement.parameterTypes[at] ?? 0);
  const { rows } = await client.query<{ name: string }>(
    `SELECT coalesce(format_type(nullif(oid, 0), NULL), 'unknown') AS name
     FROM unnest($1::oid[]) WITH ORDINALITY AS types (oid, place) ORDER BY place`,
    [oids],
  );
  return rows.map(({ name }) => name);
}

function inBrackets(items: readonly string[]): string {
  return items.length === 0 ? '' : ` (${items.join(', ')})`;
}

async function explain(client: pg.Client, text: string): Promise<unknown> {
  const { rows } = await client.query<{ 'QUERY PLAN': unknown }>(text);
  return rows[0]?.['QUERY PLAN'];
}
