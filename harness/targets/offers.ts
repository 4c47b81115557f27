import pg from 'pg';
import type { Values } from '../config/rushhour-config.ts';
import { HarnessError } from '../errors.ts';
import { AS_TEXT, valuesOf } from '../postgres/text-values.ts';
import type { Offer } from './offer.ts';

const HINT = 'Every dispatch consumes one offer: list them, or write a query that gives one row for each.';

/** Offers by their values; the key is made of all of them. @throws HarnessError BAD_CONFIG when there are none, or two are equal */
export function offersOf(rows: readonly Values[]): Offer[] {
  if (rows.length === 0) {
    throw new HarnessError('BAD_CONFIG', 'dispatch.offers: expected one offer or more, got none.', {
      hint: HINT,
    });
  }
  const offers = rows.map((values) => ({ key: Object.values(values).map(String).join('/'), values }));
  const seen = new Set<string>();
  for (const { key } of offers) {
    if (seen.has(key)) {
      throw new HarnessError('BAD_CONFIG', `dispatch.offers: expected each offer once, got ${key} twice.`, {
        hint: HINT,
      });
    }
    seen.add(key);
  }
  return offers;
}

/**
 * Asks a database for the offers it holds. Whole numbers and truth values are such, everything else is text as PostgreSQL writes it.
 * @throws HarnessError BAD_CONFIG when the server refuses the query
 */
export async function readOffers(client: pg.Client, sql: string): Promise<Values[]> {
  await client.query('BEGIN READ ONLY');
  try {
    await client.query("SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'");
    const { rows, fields } = await client.query<(string | null)[]>({
      // One statement only: another one could end the transaction that reads only.
      ...{ text: sql, queryMode: 'extended' },
      rowMode: 'array',
      types: AS_TEXT,
    });
    return valuesOf(rows, fields);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || /^(08|57|58)/.test(error.code ?? '')) throw error;
    throw new HarnessError('BAD_CONFIG', `dispatch.offers: PostgreSQL refuses the query: ${error.message}.`, {
      cause: error,
      hint: HINT,
    });
  } finally {
    await client.query('ROLLBACK').catch(() => {}); // a lost connection is told by the query it broke
  }
}
