import type { Values } from '../../config/rushhour-config.ts';
import { HarnessError } from '../../errors.ts';
import type { Question, ReadOnlySession } from '../../postgres/read-only-session.ts';
import type { Offer } from '../offer.ts';
import type { OfferRows } from './judge-dispatch.ts';

const HINT =
  'Count with FILTER and without GROUP BY: SELECT count(*) FILTER (WHERE status = …) AS open, … FROM … WHERE … = :column of the offer.';

/** Asks `dispatch.rows` about an offer. @throws HarnessError BAD_CONFIG when it gives anything but one row of counts */
export async function readOfferRows(
  session: ReadOnlySession,
  rows: Question,
  offer: Offer,
): Promise<OfferRows> {
  const answer = await session.ask(rows, offer.values);
  const [row] = answer;
  if (!row || answer.length > 1) {
    throw new HarnessError(
      'BAD_CONFIG',
      `${rows.where} gave ${answer.length} rows for offer ${offer.key}: expected one.`,
      {
        hint: HINT,
      },
    );
  }
  return {
    open: countIn(row, 'open', rows.where),
    assigned: countIn(row, 'assigned', rows.where),
    unassigned: Object.hasOwn(row, 'unassigned') ? countIn(row, 'unassigned', rows.where) : null,
  };
}

/** A sum over nothing is NULL. */
function countIn(row: Values, column: string, where: string): number {
  const value = row[column];
  const count = value === null ? 0 : Number(value);
  if (value !== undefined && Number.isInteger(count) && count >= 0) return count;
  const got =
    value === undefined
      ? `the columns ${Object.keys(row).join(', ')}`
      : `${column} = ${JSON.stringify(value)}`;
  throw new HarnessError(
    'BAD_CONFIG',
    `${where}: expected open, assigned and perhaps unassigned as whole numbers, got ${got}.`,
    {
      hint: HINT,
    },
  );
}

/** Tables with timestamps that have no zone: which day they are of depends on who asks. */
export async function naiveTimestamps(session: ReadOnlySession): Promise<readonly string[]> {
  const columns = await session.ask(
    {
      where: 'the catalogue',
      sql: `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
            WHERE data_type = 'timestamp without time zone' AND table_schema NOT IN ('pg_catalog', 'information_schema')
            ORDER BY 1 LIMIT 20`,
    },
    {},
  );
  return columns.map(({ name }) => String(name));
}
