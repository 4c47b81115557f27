import type { EntityOf } from '../../seed/entities.ts';
import { entitiesOf } from '../../seed/entity-rows.ts';
import type { DatasetShape } from '../../seed/profiles.ts';
import type { MappingTools, TableMapping, TableRow } from '../config/rushhour-config.ts';
import { messageOf } from '../errors.ts';

/** What a mapping makes of one entity. */
export type MappedEntity =
  | { readonly id: number; readonly rows: readonly TableRow[] }
  | { readonly id: number; readonly error: string };

/** The rows of all entities of a mapping, made while they are read. */
export function* mappedEntities(
  shape: DatasetShape,
  mapping: TableMapping,
  tools: MappingTools,
): Generator<MappedEntity> {
  // Of a union of functions TypeScript knows only that each wants its own entity.
  const row = mapping.row as (entity: EntityOf<typeof mapping.from>, tools: MappingTools) => unknown;
  for (const entity of entitiesOf(shape, mapping.from)) yield mapOne(entity, () => row(entity, tools));
}

function mapOne({ id }: { readonly id: number }, make: () => unknown): MappedEntity {
  try {
    const made = make();
    const rows = made === null ? [] : Array.isArray(made) ? made : [made];
    const odd = rows.find((row) => kindOf(row) !== 'an object');
    if (odd === undefined) return { id, rows: rows as readonly TableRow[] };
    return { id, error: `expected a row (an object), several in an array, or null, got ${kindOf(odd)}` };
  } catch (error) {
    return { id, error: `the mapping threw: ${messageOf(error)}` };
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null inside an array';
  if (Array.isArray(value)) return 'an array inside an array';
  if (value instanceof Promise) return 'a promise: a mapping answers at once';
  return typeof value === 'object' ? 'an object' : typeof value;
}

/** Columns that a row gives a value for. */
export function columnsOf(row: TableRow): string[] {
  return Object.keys(row).filter((name) => row[name] !== undefined);
}

/** Few enough that mapping all of them takes no time, and yet of every status, with past, open and refused bookings. */
export function sampleShape(shape: DatasetShape): DatasetShape {
  return {
    ...shape,
    bookings: Math.min(shape.bookings, 20),
    drivers: Math.min(shape.drivers, 10),
    history: Math.min(shape.history, 500),
    companies: Math.min(shape.companies, 3),
    days: Math.min(shape.days, 2),
  };
}
