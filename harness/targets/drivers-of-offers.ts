import type { LoadedConfig } from '../config/loaded-config.ts';
import { HarnessError } from '../errors.ts';
import { openReadOnlySession } from '../postgres/read-only-session.ts';
import type { Offer } from './offer.ts';
import { questionOf } from './sql-text.ts';
import type { DatabasePlace } from './target.ts';

const WHERE = 'dispatch.drivers';

/**
 * Drivers that each offer may be given to, by its key, as the config's query counts them; nothing where the config has none.
 * @throws HarnessError BAD_CONFIG when the query is refused or gives anything but one number
 */
export async function driversOfOffers(
  loaded: LoadedConfig,
  { server, database }: DatabasePlace,
  offers: readonly Offer[],
): Promise<ReadonlyMap<string, number>> {
  const { drivers } = loaded.config.dispatch;
  const found = new Map<string, number>();
  if (drivers === undefined) return found;
  const question = questionOf(loaded, WHERE, drivers);
  const session = await openReadOnlySession(server, database.name);
  try {
    for (const { key, values } of offers) {
      const rows = await session.askTexts(question, values);
      found.set(key, countIn(rows, key));
    }
  } finally {
    await session.close();
  }
  return found;
}

function countIn(rows: readonly (string | null)[][], key: string): number {
  const [row = []] = rows;
  if (rows.length === 1 && row.length === 1 && /^\d+$/.test(row[0] ?? '')) return Number(row[0]);
  const got =
    rows.length === 1 && row.length === 1
      ? JSON.stringify(row[0])
      : `${rows.length} rows of ${row.length} columns`;
  throw new HarnessError(
    'BAD_CONFIG',
    `${WHERE}: expected one row with one number, got ${got}, for offer ${key}.`,
    {
      hint: 'Count them: SELECT count(*) FROM … WHERE … = :column of the offer.',
    },
  );
}
