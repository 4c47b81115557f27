import { createHash } from 'node:crypto';
import { parseVariant } from '../../target/variants.ts';
import { HarnessError } from '../errors.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { ensureTemplate } from '../postgres/templates.ts';
import type { DatasetIdentity } from '../result.ts';
import type { DatasetRequest } from '../targets/target.ts';
import { prepareDataset, type SeededTemplate } from './dataset.ts';

/** Finds or builds the template that the clones of a reference variant come from: the dataset, its indexes, less those dropped. */
export async function prepareVariantDataset(
  server: PostgresServer,
  { variant, droppedIndexes = [], ...options }: DatasetRequest,
): Promise<SeededTemplate> {
  const { indexes } = parseVariant(variant).switches;
  const dataset = await prepareDataset(server, { ...options, indexes });
  if (droppedIndexes.length === 0) return dataset;
  const without = await ensureTemplate<DatasetIdentity>(server, {
    key: `${dataset.template.replace(/^rushhour_tpl_/, '')}_${suffixOf(droppedIndexes)}`,
    from: dataset.template,
    build: async (client) => {
      // An index behind a key or a unique constraint cannot be dropped, and changes what may be written.
      const { rows } = await client.query<{ name: string }>(
        `SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
         WHERE c.relnamespace = 'public'::regnamespace
           AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))`,
      );
      const known = rows.map((row) => row.name);
      for (const name of droppedIndexes) {
        if (!known.includes(name)) throw unknownIndex(name, variant, known);
        await client.query(`DROP INDEX ${client.escapeIdentifier(name)}`);
      }
      return dataset.identity;
    },
  });
  return { template: without.name, identity: without.info, built: dataset.built || without.built };
}

/** Of the template without these. */
export function suffixOf(droppedIndexes: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(droppedIndexes)).digest('hex').slice(0, 6);
}

function unknownIndex(name: string, variant: string, known: readonly string[]): HarnessError {
  return new HarnessError(
    'BAD_OPTION',
    `--drop-index: the database of ${variant} has no index "${name}" that can be dropped.`,
    {
      hint:
        known.length > 0
          ? `It has ${known.toSorted().join(', ')}.`
          : 'It has none but those of its keys; variants with `indexes` have more.',
    },
  );
}
