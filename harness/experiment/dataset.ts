import { createHash } from 'node:crypto';
import type { DatasetShape } from '../../seed/profiles.ts';
import { CopyError, seedDatabase } from '../../seed/seed-database.ts';
import { migrateUp } from '../../target/migrate.ts';
import { HarnessError } from '../errors.ts';
import { hashOfSources } from '../machine/source-hash.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { ensureTemplate } from '../postgres/templates.ts';
import type { DatasetIdentity } from '../result.ts';

/** A seeded template, with the performance indexes or without them. */
export interface SeededTemplate {
  readonly template: string;
  readonly identity: DatasetIdentity;
  /** False when the template was there from an earlier run. */
  readonly built: boolean;
}

export interface DatasetOptions {
  readonly shape: DatasetShape;
  readonly indexes: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (detail: string) => void;
}

/** Finds or builds the template of a dataset. The one with indexes is a clone of the one without, migrated. */
export async function prepareDataset(
  server: PostgresServer,
  options: DatasetOptions,
): Promise<SeededTemplate> {
  const keys = await datasetKeys(options.shape);
  const plain = await ensureTemplate<DatasetIdentity>(server, {
    key: keys.plain,
    build: (client) => seed(client, options),
  });
  if (!options.indexes) return { template: plain.name, identity: plain.info, built: plain.built };
  const indexed = await ensureTemplate<DatasetIdentity>(server, {
    key: keys.indexed,
    from: plain.name,
    build: async (client) => {
      options.onProgress('creating the performance indexes');
      await migrateUp(client);
      await client.query('VACUUM (FREEZE, ANALYZE)');
      return plain.info;
    },
  });
  return { template: indexed.name, identity: indexed.info, built: plain.built || indexed.built };
}

/** Keys of the two templates of a dataset. */
export async function datasetKeys(shape: DatasetShape): Promise<{ plain: string; indexed: string }> {
  const plain = await datasetKey(shape);
  return { plain, indexed: `${plain}_${await hashOfSources(['target/migrations'])}` };
}

async function seed(
  client: Parameters<typeof seedDatabase>[0],
  options: DatasetOptions,
): Promise<DatasetIdentity> {
  const { shape } = options;
  try {
    const seeded = await seedDatabase(client, shape, {
      signal: options.signal,
      onProgress: ({ table, rows, totalRows }) => {
        const percent = totalRows > 0 ? Math.floor((100 * rows) / totalRows) : 100;
        options.onProgress(`${table}: ${rows.toLocaleString('en')} rows (${percent} %)`);
      },
    });
    return {
      profile: shape.profile,
      randomSeed: shape.randomSeed,
      digest: seeded.digest,
      generatorHash: await generatorHash(),
      openBookingsPerDay: shape.bookings,
      driversPerCompany: shape.drivers,
      historyBookings: shape.history,
      companies: shape.companies,
      openDays: shape.days,
      rows: seeded.rows,
    };
  } catch (error) {
    if (options.signal.aborted)
      throw new HarnessError('INTERRUPTED', 'Seeding was interrupted; nothing was kept.', { cause: error });
    if (error instanceof CopyError)
      throw new HarnessError('COPY_FAILED', error.message, { cause: error, hint: error.hint });
    throw error;
  }
}

/** Counts up when what a template says of itself changes, so that older ones are not taken for it. */
const TEMPLATE_FORMAT = 2;

/** Equal shape and equal generator give equal rows, so a template is found again by both. */
async function datasetKey(shape: DatasetShape): Promise<string> {
  const code = await generatorHash();
  return createHash('sha256')
    .update(JSON.stringify([TEMPLATE_FORMAT, code, Object.entries(shape).sort()]))
    .digest('hex')
    .slice(0, 16);
}

async function generatorHash(): Promise<string> {
  return hashOfSources(['seed', 'target/schema.sql', 'target/constraints.sql']);
}
