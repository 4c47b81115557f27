import { type CatalogueIndex, readIndexes } from '../../advice/catalogue.ts';
import type { IndexDefinition } from '../../advice/index-definition.ts';
import { indexesOfMigration } from '../../advice/reference-set.ts';
import { withAdmin } from '../../postgres/server.ts';
import { withClone } from '../../postgres/templates.ts';
import { weekDataset } from './week-target.ts';
import type { WeekContext } from './week-task.ts';

/**
 * The plain indexes that the week's migration creates: as its text says, else what the catalogue of the migrated database has more
 * than that of the baseline. The statement parser must have been loaded.
 */
export async function migrationIndexes(context: WeekContext): Promise<IndexDefinition[]> {
  const { migration } = context;
  if (migration === null) return [];
  if (migration.upText !== null) return indexesOfMigration(migration.upText, 'public');
  const before = await indexesOf(context, 'baseline');
  const had = new Set(before.map(({ schema, name }) => `${schema}.${name}`));
  return (await indexesOf(context, 'indexes'))
    .filter(({ schema, name }) => !had.has(`${schema}.${name}`))
    .flatMap(plainIndex);
}

async function indexesOf(context: WeekContext, variant: string): Promise<CatalogueIndex[]> {
  const { template } = await weekDataset(context, variant);
  return withClone(context.server, template, ({ name }) => withAdmin(context.server, name, readIndexes));
}

function plainIndex({ schema, table, name, keys, unique, predicate }: CatalogueIndex): IndexDefinition[] {
  const columns = keys.filter((key) => key !== null);
  const isPlain = columns.length === keys.length && !unique && predicate === null;
  return isPlain ? [{ schema, table, name, keys: columns }] : [];
}
