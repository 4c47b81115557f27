import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetShape } from '../../seed/profiles.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { CommandConfig, DataStep, DatasetConfig } from '../config/rushhour-config.ts';
import { isCommand } from './data-steps.ts';
import { mappedEntities, sampleShape } from './mapped-rows.ts';
import { mappingTools } from './mapping-tools.ts';
import { mentions } from './prepared-command.ts';
import { readSqlText } from './sql-text.ts';

/** Counts up when what a template says of itself changes, so that older ones are not taken for it. */
const FORMAT = 1;

const SIZES = /\{(bookings|drivers|history|companies|days|randomSeed)\}/;

/** Whether the sizes that are asked for change what the dataset holds. */
export function heedsSizes(dataset: DatasetConfig): boolean {
  if ('rows' in dataset) return true;
  return 'seed' in dataset && dataset.scales === true;
}

/**
 * Says what the dataset of a config holds: equal text, equal content. Of mappings it holds their source and what they make of some entities, since
 * they may call functions that stand elsewhere; of programs their files, as far as their arguments name them.
 *
 * @param source of a dataset that is a copy: which database
 */
export async function datasetKey(
  loaded: LoadedConfig,
  shape: DatasetShape,
  extra: { readonly generatorHash: string; readonly source: unknown },
): Promise<string> {
  const { dataset, dispatch, database, service } = loaded.config;
  const steps = [...(dataset.schema ?? []), ...('seed' in dataset ? dataset.seed : [])];
  const sized = heedsSizes(dataset) || steps.some((step) => isCommand(step) && mentions(step, SIZES));
  return hashOf([
    FORMAT,
    extra,
    sized ? Object.entries(shape).sort() : null,
    database ?? null,
    await stepContents(loaded, dataset.schema ?? [], 'dataset.schema'),
    'seed' in dataset ? [dataset.scales, await stepContents(loaded, dataset.seed, 'dataset.seed')] : null,
    'rows' in dataset ? [service.timeZone ?? null, mappingContents(dataset.rows, shape)] : null,
    'sql' in dispatch.offers ? readSqlText(loaded, 'dispatch.offers', dispatch.offers.sql) : null,
  ]);
}

/** What steps do, for a key. */
export async function stepContents(
  loaded: LoadedConfig,
  steps: readonly DataStep[],
  where: string,
): Promise<unknown> {
  return Promise.all(
    steps.map(async (step, index) =>
      isCommand(step)
        ? [step, await filesNamedBy(loaded, step)]
        : readSqlText(loaded, `${where}[${index}]`, step),
    ),
  );
}

/** Of the template that a migration makes of another: equal text, equal content. @param where in the config the steps stand */
export async function migrationKey(
  loaded: LoadedConfig,
  {
    variant,
    up,
    where,
  }: { readonly variant: string; readonly up: readonly DataStep[]; readonly where: string },
): Promise<string> {
  const contents = await stepContents(loaded, up, where);
  const named = up.some(isCommand) ? variant : ''; // programs are told the variant
  return hashOf([contents, named]).slice(0, 8);
}

/** 16 hexadecimal digits of SHA-256. */
export function hashOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}

async function filesNamedBy(
  loaded: LoadedConfig,
  { command, folder = '.' }: CommandConfig,
): Promise<string[]> {
  const contents = command.map((word) =>
    readFile(path.resolve(loaded.folder, folder, word)).then(
      (bytes) => createHash('sha256').update(bytes).digest('hex'),
      () => '', // a word that names no file
    ),
  );
  return Promise.all(contents);
}

function mappingContents(
  rows: Extract<DatasetConfig, { readonly rows: unknown }>['rows'],
  shape: DatasetShape,
): unknown {
  const tools = mappingTools(shape.randomSeed);
  const hash = createHash('sha256');
  const write = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
  for (const mapping of Object.values(rows)) {
    for (const made of mappedEntities(sampleShape(shape), mapping, tools))
      hash.update(JSON.stringify(made, write));
  }
  const sources = Object.entries(rows).map(([table, { from, row }]) => [table, from, String(row)]);
  return [sources, hash.digest('hex')];
}
