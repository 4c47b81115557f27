import { entityCount } from '../../seed/entity-rows.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { DataStep } from '../config/rushhour-config.ts';
import { withoutIndexes } from '../experiment/dataset-preview.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import { CLONE_STRATEGY } from '../postgres/templates.ts';
import type {
  DatasetPreview,
  PlannedRows,
  PreviewStep,
  TemplatePreview,
} from '../preview/dataset-preview.ts';
import { findSource } from './copy-source.ts';
import { isCommand } from './data-steps.ts';
import { datasetKey, migrationKey } from './dataset-key.ts';
import { mappingCodeHash } from './mapping-code.ts';
import { readSqlText } from './sql-text.ts';
import type { DatasetRequest } from './target.ts';

/**
 * What `prepareConfiguredDataset` would make; programs of the config are told and not run.
 * @throws HarnessError BAD_CONFIG, REFUSED where a database is to be copied that cannot be
 */
export async function previewConfiguredDataset(
  loaded: LoadedConfig,
  server: PostgresServer | null,
  { variant, shape, droppedIndexes = [] }: Pick<DatasetRequest, 'variant' | 'shape' | 'droppedIndexes'>,
): Promise<DatasetPreview> {
  const { dataset, variants } = loaded.config;
  const copied = 'copyOf' in dataset ? dataset.copyOf : null;
  const source =
    copied === null || server === null
      ? null
      : await withAdmin(server, undefined, (admin) => findSource(server, admin, copied));
  const key = await datasetKey(loaded, shape, { generatorHash: await mappingCodeHash(), source });
  const seeded: TemplatePreview = {
    name: `rushhour_tpl_${key}`,
    from: copied,
    steps:
      copied === null ? datasetSteps(loaded) : [{ what: 'copied by', text: `STRATEGY ${CLONE_STRATEGY}` }],
    rows: rowsOf(loaded, shape),
  };
  const up = variants[variant]?.migration?.up ?? [];
  const made =
    up.length === 0 ? [seeded] : [seeded, await migrated(loaded, { from: seeded.name, variant, up })];
  const last = made.at(-1) ?? seeded;
  return {
    templates: droppedIndexes.length === 0 ? made : [...made, withoutIndexes(last.name, droppedIndexes)],
  };
}

function datasetSteps(loaded: LoadedConfig): PreviewStep[] {
  const { dataset } = loaded.config;
  return [
    ...stepsOf(loaded, dataset.schema ?? [], 'dataset.schema'),
    ...('seed' in dataset ? stepsOf(loaded, dataset.seed, 'dataset.seed') : []),
  ];
}

function stepsOf(loaded: LoadedConfig, steps: readonly DataStep[], where: string): PreviewStep[] {
  return steps.map((step, index) => {
    const what = `${where}[${index}]`;
    return { what, text: isCommand(step) ? step.command.join(' ') : readSqlText(loaded, what, step) };
  });
}

async function migrated(
  loaded: LoadedConfig,
  {
    from,
    variant,
    up,
  }: { readonly from: string; readonly variant: string; readonly up: readonly DataStep[] },
): Promise<TemplatePreview> {
  const where = `variants.${variant}.migration.up`;
  return {
    name: `${from}_${await migrationKey(loaded, { variant, up, where })}`,
    from,
    steps: stepsOf(loaded, up, where),
    rows: [],
  };
}

function rowsOf({ config: { dataset } }: LoadedConfig, shape: DatasetRequest['shape']): PlannedRows[] {
  if ('rows' in dataset)
    return Object.entries(dataset.rows).map(([table, { from }]) => ({
      table,
      rows: entityCount(shape, from),
      estimated: true,
    }));
  return 'copyOf' in dataset ? [] : [{ table: 'all tables', rows: null, estimated: false }];
}
