import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { datasetTables } from '../../seed/tables.ts';
import { readMigrations } from '../../target/migrations/migration-files.ts';
import { parseVariant } from '../../target/variants.ts';
import { PROJECT_ROOT } from '../machine/environment.ts';
import type { DatasetPreview, TemplatePreview } from '../preview/dataset-preview.ts';
import type { DatasetRequest } from '../targets/target.ts';
import { suffixOf } from './arm-template.ts';
import { datasetKeys } from './dataset.ts';

/** What `prepareVariantDataset` would make. */
export async function previewVariantDataset({
  variant,
  shape,
  droppedIndexes = [],
}: Pick<DatasetRequest, 'variant' | 'shape' | 'droppedIndexes'>): Promise<DatasetPreview> {
  const keys = await datasetKeys(shape);
  const tables = datasetTables(shape);
  const plain: TemplatePreview = {
    name: `rushhour_tpl_${keys.plain}`,
    from: null,
    steps: [
      { what: 'target/schema.sql', text: await readSource('schema.sql') },
      {
        what: 'rows',
        text: tables
          .map(({ table, columns }) => `COPY ${table} (${columns.join(', ')}) FROM STDIN;`)
          .join('\n'),
      },
      { what: 'target/constraints.sql', text: await readSource('constraints.sql') },
      VACUUM,
    ],
    rows: tables.map((table) => ({ table: table.table, rows: table.rowCount(), estimated: false })),
  };
  const indexed: TemplatePreview = {
    name: `rushhour_tpl_${keys.indexed}`,
    from: plain.name,
    steps: [...readMigrations().map(({ name, up }) => ({ what: name, text: up })), VACUUM],
    rows: [],
  };
  const made = parseVariant(variant).switches.indexes ? [plain, indexed] : [plain];
  const last = made.at(-1) ?? plain;
  return {
    templates: droppedIndexes.length === 0 ? made : [...made, withoutIndexes(last.name, droppedIndexes)],
  };
}

const VACUUM = { what: 'statistics', text: 'VACUUM (FREEZE, ANALYZE);' };

/** The template without indexes that are left out on purpose. */
export function withoutIndexes(from: string, droppedIndexes: readonly string[]): TemplatePreview {
  return {
    name: `${from}_${suffixOf(droppedIndexes)}`,
    from,
    steps: [{ what: 'indexes', text: droppedIndexes.map((name) => `DROP INDEX "${name}";`).join('\n') }],
    rows: [],
  };
}

function readSource(file: string): Promise<string> {
  return readFile(path.join(PROJECT_ROOT, 'target', file), 'utf8');
}
