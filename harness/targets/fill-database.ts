import type pg from 'pg';
import type { DatasetShape } from '../../seed/profiles.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { DatasetConfig } from '../config/rushhour-config.ts';
import { HarnessError } from '../errors.ts';
import { digestContent } from '../postgres/content-digest.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { cancellable } from '../postgres/sessions.ts';
import { formatCount } from '../quantity.ts';
import { checkMapping } from './check-mapping.ts';
import { runDataSteps, type StepPlace } from './data-steps.ts';
import { applyDatabaseSettings, setInSession } from './database-settings.ts';
import { type ForeignTable, readForeignSchema } from './foreign-schema.ts';
import { loadMappedRows } from './load-mapped-rows.ts';
import { mappedEntities, sampleShape } from './mapped-rows.ts';
import { mappingTools } from './mapping-tools.ts';

/** What a database holds after it was filled. */
export interface FilledDatabase {
  readonly digest: string;
  /** By table. */
  readonly rows: Readonly<Record<string, number>>;
  /** What is worth knowing and wrong in no way. */
  readonly notes: readonly string[];
}

export interface FillPlace extends Omit<StepPlace, 'values' | 'loaded'> {
  readonly loaded: LoadedConfig;
  readonly shape: DatasetShape;
}

/** Makes the schema in an empty database of ours and fills it as the config says. @throws HarnessError */
export async function fillDatabase(dataset: DatasetConfig, place: FillPlace): Promise<FilledDatabase> {
  const { client, shape } = place;
  const { bookings, drivers, history, companies, days, randomSeed } = shape;
  const steps = { ...place, values: { bookings, drivers, history, companies, days, randomSeed } };
  await prepareEmpty(place);
  await runDataSteps(dataset.schema ?? [], 'dataset.schema', steps);
  if ('rows' in dataset) {
    const loaded = await fillByRows(dataset.rows, place);
    await vacuum(place);
    return loaded;
  }
  if ('seed' in dataset) await runDataSteps(dataset.seed, 'dataset.seed', steps);
  await vacuum(place);
  return { ...(await contentOf(client, place.onProgress)), notes: [] };
}

/** Digest and rows of a database whose rows are not known otherwise. */
export async function contentOf(
  client: pg.Client,
  onProgress: (detail: string) => void,
): Promise<Pick<FilledDatabase, 'digest' | 'rows'>> {
  const { content, tables } = await digestContent(client, { onProgress });
  const rows = tables.map((table) => [table.name.replace(/^public\./, ''), table.rows] as const);
  return { digest: content, rows: Object.fromEntries(rows) };
}

/** Rows as already frozen, and the planner's statistics: no clone has to do it again. */
export async function vacuum(place: {
  readonly server: PostgresServer;
  readonly client: pg.Client;
  readonly signal: AbortSignal;
}): Promise<void> {
  await cancellable(place.server, place.client, place.signal, () =>
    place.client.query('VACUUM (FREEZE, ANALYZE)'),
  );
}

/** Steps find the settings and the extensions that the service will find. */
async function prepareEmpty({ client, loaded }: FillPlace): Promise<void> {
  const { extensions = [], settings = {} } = loaded.config.database ?? {};
  await applyDatabaseSettings(client, client.database ?? '', settings);
  for (const name of extensions) {
    await client
      .query(`CREATE EXTENSION IF NOT EXISTS ${client.escapeIdentifier(name)} CASCADE`)
      .catch((error: unknown) => {
        if (!/^(0A|22|42|58P01)/.test((error as { code?: string }).code ?? '')) throw error;
        throw new HarnessError('BAD_CONFIG', `database.extensions: ${name}: ${(error as Error).message}.`, {
          cause: error,
          hint: 'The embedded server has the extensions of PostgreSQL itself; for others use --server with one that has them.',
        });
      });
  }
  await setInSession(client, settings);
}

async function fillByRows(
  rows: Extract<DatasetConfig, { readonly rows: unknown }>['rows'],
  place: FillPlace,
): Promise<FilledDatabase> {
  const { client, shape, loaded, signal, onProgress } = place;
  const { timeZone } = loaded.config.service;
  const tools = mappingTools(shape.randomSeed);
  const schema = await readForeignSchema(client);
  const sample = sampleShape(shape);
  const samples = Object.fromEntries(
    Object.entries(rows).map(([key, mapping]) => [key, [...mappedEntities(sample, mapping, tools)]]),
  );
  const filled = await filledTables(client, schema);
  const plan = checkMapping({ rows, schema, samples, filled, timeZone });
  const summary = await loadMappedRows(client, {
    ...{ plan, shape, tools, signal, timeZone: timeZone ?? 'UTC' },
    onProgress: (at) =>
      onProgress(`${at.table}: ${formatCount(at.rows)} rows (${Math.floor(100 * at.doneRatio)} %)`),
  });
  return { digest: summary.digest, rows: summary.rows, notes: plan.notes };
}

async function filledTables(client: pg.Client, schema: readonly ForeignTable[]): Promise<Set<string>> {
  const filled = new Set<string>();
  for (const { schema: place, name } of schema) {
    const table = `${client.escapeIdentifier(place)}.${client.escapeIdentifier(name)}`;
    const { rows } = await client.query<{ some: boolean }>(`SELECT EXISTS (SELECT FROM ${table}) AS some`);
    if (rows[0]?.some) filled.add(`${place}.${name}`);
  }
  return filled;
}
