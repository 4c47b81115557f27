import type pg from 'pg';
import { CHUNK_BYTES, type CopyChunk } from '../../seed/copy-buffer.ts';
import { CopyError } from '../../seed/copy-error.ts';
import { copyTable } from '../../seed/copy-table.ts';
import { copyField } from '../../seed/copy-text.ts';
import { DatasetDigest, digestedChunks } from '../../seed/digest.ts';
import { entityCount } from '../../seed/entity-rows.ts';
import { LoadSession } from '../../seed/load-session.ts';
import type { DatasetShape } from '../../seed/profiles.ts';
import type { MappingTools, TableRow } from '../config/rushhour-config.ts';
import { HarnessError } from '../errors.ts';
import { columnDifference, type MappingPlan, type PlannedTable, placeOf } from './check-mapping.ts';
import { columnText, WrongValue } from './column-text.ts';
import { loadFailure } from './load-failure.ts';
import { LocalTime } from './local-time.ts';
import { columnsOf, type MappedEntity, mappedEntities } from './mapped-rows.ts';

export interface MappedLoad {
  readonly plan: MappingPlan;
  readonly shape: DatasetShape;
  readonly tools: MappingTools;
  /** IANA name; of the service. */
  readonly timeZone: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: MappedProgress) => void;
}

export interface MappedProgress {
  readonly table: string;
  readonly rows: number;
  /** Of the entities that the table is made from. 0 to 1. */
  readonly doneRatio: number;
}

export interface MappedSummary {
  /** See seed/digest.ts. */
  readonly digest: string;
  /** By table, as the config calls it. */
  readonly rows: Readonly<Record<string, number>>;
  readonly bytes: number;
}

/** Moments are written with their zone, or as the service's own local time; this is only to be on the safe side. */
const SETTINGS = "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET CONSTRAINTS ALL DEFERRED";

/**
 * Streams the rows of all mappings into their tables, in one transaction, and sets the sequences behind the largest values.
 *
 * @param client used by nobody else meanwhile; can be used afterwards unless the connection broke
 * @throws HarnessError BAD_CONFIG for a row that does not fit, COPY_FAILED when PostgreSQL refuses one or is lost, INTERRUPTED; the tables
 * are then as they were
 */
export async function loadMappedRows(client: pg.Client, load: MappedLoad): Promise<MappedSummary> {
  const session = new LoadSession(client, load.signal);
  const digest = new DatasetDigest();
  const rows: Record<string, number> = {};
  let bytes = 0;
  let at: PlannedTable | null = null;
  try {
    await session.begin();
    await session.run(SETTINGS);
    for (const planned of load.plan.tables) {
      at = planned;
      const copied = await copyMapped(client, { planned, load, digest });
      rows[planned.key] = copied.rows;
      bytes += copied.bytes;
    }
    at = null;
    await session.run(load.plan.tables.flatMap(sequenceStatements).join(';\n'));
    await session.run('COMMIT');
    return { digest: digest.finish(), rows, bytes };
  } catch (error) {
    await session.rollBack();
    throw failureOf(error, load, at);
  } finally {
    await session.end();
  }
}

async function copyMapped(
  client: pg.Client,
  { planned, load, digest }: { planned: PlannedTable; load: MappedLoad; digest: DatasetDigest },
): Promise<{ rows: number; bytes: number }> {
  const { table, columns, mapping, key } = planned;
  if (columns.length === 0) return { rows: 0, bytes: 0 };
  digest.beginTable(`${table.schema}.${table.name}`);
  const { onProgress } = load;
  const total = onProgress ? Math.max(1, entityCount(load.shape, mapping.from)) : 1;
  const lines = new MappedLines(planned, load);
  const job = {
    schema: table.schema,
    table: table.name,
    columns: columns.map(({ name }) => name),
    chunks: digestedChunks(lines.chunks(), digest),
  };
  const report = ({ rows }: { rows: number }) =>
    onProgress?.({ table: key, rows, doneRatio: Math.min(1, lines.entities / total) });
  const copied = await copyTable(client, job, { signal: load.signal, onProgress: report });
  report(copied);
  return copied;
}

/** The rows of one mapping in COPY text form. */
class MappedLines {
  entities = 0;
  private rows = 0;
  private readonly planned: PlannedTable;
  private readonly load: MappedLoad;
  private readonly local: LocalTime;

  constructor(planned: PlannedTable, load: MappedLoad) {
    this.planned = planned;
    this.load = load;
    this.local = new LocalTime(load.timeZone);
  }

  *chunks(): Generator<CopyChunk> {
    const { shape, tools } = this.load;
    let text = '';
    let rows = 0;
    for (const entity of mappedEntities(shape, this.planned.mapping, tools)) {
      this.entities += 1;
      if ('error' in entity) throw this.wrong(entity, '', entity.error);
      for (const row of entity.rows) {
        text += this.line(row, entity);
        rows += 1;
      }
      if (text.length < CHUNK_BYTES) continue;
      yield { bytes: Buffer.from(text), rows };
      text = '';
      rows = 0;
    }
    if (rows > 0) yield { bytes: Buffer.from(text), rows };
  }

  private line(row: TableRow, entity: MappedEntity): string {
    this.rows += 1;
    const { columns } = this.planned;
    const fields = columns.map((column) => {
      const value = row[column.name];
      if (value === undefined) throw this.otherColumns(row, entity);
      if (value === null && column.notNull)
        throw this.wrong(entity, column.name, 'the column is NOT NULL, got null');
      try {
        return copyField(columnText(column, value, this.local));
      } catch (error) {
        if (error instanceof WrongValue) throw this.wrong(entity, column.name, error.message);
        throw error;
      }
    });
    if (columnsOf(row).length !== columns.length) throw this.otherColumns(row, entity);
    return `${fields.join('\t')}\n`;
  }

  private otherColumns(row: TableRow, entity: MappedEntity): HarnessError {
    const checked = Object.fromEntries(this.planned.columns.map(({ name }) => [name, null]));
    const difference = columnDifference(checked, row);
    return this.wrong(entity, '', `the row is ${difference}, unlike those that were checked`);
  }

  private wrong({ id }: MappedEntity, column: string, reason: string): HarnessError {
    const { key, mapping } = this.planned;
    const row = this.rows > 0 ? `row ${this.rows}, ` : '';
    return new HarnessError(
      'BAD_CONFIG',
      `${placeOf(key, column)}: ${reason} (${row}made from ${mapping.from} ${id}). Nothing was loaded.`,
      { hint: 'Mend the mapping in `dataset.rows` and start again.' },
    );
  }
}

/** The next value is the one after the largest, also where the sequence is ahead. */
function sequenceStatements({ table, columns }: PlannedTable): string[] {
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  return columns.flatMap(({ name, sequence }) =>
    sequence === null
      ? []
      : [
          `SELECT setval('${sequence.replaceAll("'", "''")}', largest)
           FROM (SELECT max(${quoted(name)})::bigint AS largest FROM ${quoted(table.schema)}.${quoted(table.name)}) loaded
           WHERE largest >= (SELECT last_value FROM ${sequence})`,
        ],
  );
}

function failureOf(error: unknown, load: MappedLoad, at: PlannedTable | null): unknown {
  if (load.signal.aborted)
    return new HarnessError('INTERRUPTED', 'Loading was interrupted; nothing was kept.', { cause: error });
  const cause = error instanceof CopyError ? error.cause : error;
  if (cause instanceof HarnessError) return cause;
  return loadFailure(
    error,
    at && { key: at.key, place: placeOf, entityOfRow: (row) => entityOfRow(at, load, row) },
  );
}

/** Which entity a row came from: the mapping is gone through once more. */
function entityOfRow({ mapping }: PlannedTable, load: MappedLoad, wanted: number): string | null {
  let row = 0;
  for (const one of mappedEntities(load.shape, mapping, load.tools)) {
    row += 'rows' in one ? one.rows.length : 0;
    if (row >= wanted) return `${mapping.from} ${one.id}`;
  }
  return null;
}
