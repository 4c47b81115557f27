import { MINUTES_PER_DAY, timestampText } from './calendar.ts';
import { type CopyBuffer, encodeRows } from './copy-buffer.ts';
import type { Dataset } from './dataset.ts';
import { DIRECTIONS, degreesText, type Position, positionAt } from './positions.ts';
import { RowRandom } from './random.ts';
import type { TableRows } from './table-rows.ts';
import { townCentre, townOf } from './towns.ts';

export interface Company {
  readonly id: number;
  readonly name: string;
  readonly town: string;
  readonly depot: Position;
  readonly createdMinute: number;
}

const TRADES: readonly string[] = [
  'Cars',
  'Private Hire',
  'Taxis',
  'Patient Transport',
  'Community Transport',
];

/** Companies were founded two to six years before the first open day. */
const YOUNGEST_DAYS = 730;
const AGE_SPAN_DAYS = 1_460;

/** Table `company`. */
export function companyRows(dataset: Dataset): TableRows {
  return {
    table: 'company',
    columns: ['id', 'name', 'town', 'depot_lat', 'depot_lon', 'created_at'],
    rowCount: () => dataset.shape.companies,
    chunks: (chunkBytes) => encodeRows(companies(dataset), writeCompany, chunkBytes),
  };
}

export function* companies(dataset: Dataset): Generator<Company> {
  const random = new RowRandom(dataset.shape.randomSeed, 'company');
  for (let id = 1; id <= dataset.shape.companies; id++) yield companyAt(dataset, random.at(id), id);
}

function companyAt(dataset: Dataset, random: RowRandom, id: number): Company {
  const town = townOf(id);
  const lastNames = dataset.pools.lastNames;
  return {
    id,
    name: `${lastNames[random.below(lastNames.length)]} ${TRADES[random.below(TRADES.length)]}`,
    town: town.name,
    depot: positionAt(townCentre(town), 200 + random.below(1_800), random.below(DIRECTIONS)),
    createdMinute: -(YOUNGEST_DAYS + random.below(AGE_SPAN_DAYS)) * MINUTES_PER_DAY + 9 * 60,
  };
}

function writeCompany({ id, name, town, depot, createdMinute }: Company, out: CopyBuffer): void {
  out.row([id, name, town, degreesText(depot.latE5), degreesText(depot.lonE5), timestampText(createdMinute)]);
}
