import type pg from 'pg';
import type { LoadedConfig } from '../config/loaded-config.ts';
import { variantNamed } from '../config/variant-named.ts';
import { HarnessError } from '../errors.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import { ensureTemplate, type Template, type TemplateSpec } from '../postgres/templates.ts';
import { USER_SCHEMA } from '../postgres/user-schema.ts';
import type { DatasetIdentity } from '../result.ts';
import { copySource, findSource } from './copy-source.ts';
import { runDataSteps } from './data-steps.ts';
import { applyDatabaseSettings, setInSession, settingNotes } from './database-settings.ts';
import { datasetKey, hashOf, heedsSizes, migrationKey } from './dataset-key.ts';
import { contentOf, type FilledDatabase, fillDatabase, vacuum } from './fill-database.ts';
import { mappingCodeHash } from './mapping-code.ts';
import type { Offer } from './offer.ts';
import { offersOf, readOffers } from './offers.ts';
import { readSqlText } from './sql-text.ts';
import type { DatasetRequest, PreparedDataset } from './target.ts';

export interface ConfiguredDatasetRequest extends DatasetRequest {
  /** Name that was given to `--copy-from`: consents to the copy of that one database. */
  readonly consentToCopy?: string | undefined;
}

export interface ConfiguredDataset extends PreparedDataset {
  /** What is worth knowing of mapping and settings, in sentences; told at every use. */
  readonly notes: readonly string[];
}

/** Kept with each template. */
interface TemplateInfo {
  readonly identity: DatasetIdentity;
  readonly offers: readonly Offer[];
  readonly notes: readonly string[];
}

type DatasetTemplate = Template<TemplateInfo>;

/**
 * Finds or builds the template that the clones of a variant come from. The seeded one is shared by all variants; a migration works in a clone
 * of it, and dropped indexes are missing in a clone of that.
 *
 * @throws HarnessError BAD_CONFIG, REFUSED, COPY_FAILED, COMMAND_FAILED, DATABASE_FAILED, INTERRUPTED; no template of it is then left
 */
export async function prepareConfiguredDataset(
  loaded: LoadedConfig,
  server: PostgresServer,
  request: ConfiguredDatasetRequest,
): Promise<ConfiguredDataset> {
  const build = new DatasetBuild(loaded, server, request);
  const seeded = await build.seeded();
  const migrated = await build.migrated(seeded);
  const { name, info } = await build.withoutIndexes(migrated);
  const built = seeded.built || migrated.built;
  return {
    template: name,
    identity: info.identity,
    // A list is of the config, not of the data: the template may have been made when it was another.
    offers: 'sql' in loaded.config.dispatch.offers ? info.offers : offersOf(loaded.config.dispatch.offers),
    notes: [...info.notes, ...settingNotes(loaded.config.database?.settings ?? {})],
    built,
  };
}

class DatasetBuild {
  private readonly loaded: LoadedConfig;
  private readonly server: PostgresServer;
  private readonly request: ConfiguredDatasetRequest;

  constructor(loaded: LoadedConfig, server: PostgresServer, request: ConfiguredDatasetRequest) {
    this.loaded = loaded;
    this.server = server;
    this.request = request;
  }

  async seeded(): Promise<DatasetTemplate> {
    const { dataset, dispatch } = this.loaded.config;
    if (!('sql' in dispatch.offers)) offersOf(dispatch.offers); // wrong ones are told before anything is built
    const generatorHash = await mappingCodeHash();
    const copied = 'copyOf' in dataset ? dataset.copyOf : null;
    const source =
      copied === null
        ? null
        : await withAdmin(this.server, undefined, (admin) => findSource(this.server, admin, copied));
    const key = await datasetKey(this.loaded, this.request.shape, { generatorHash, source });
    const spec: TemplateSpec<TemplateInfo> = {
      key,
      build: async (client) => {
        const filled = source ? await this.copyContent(client) : await this.fill(client);
        const identity = this.identity(filled, `${generatorHash}-${key}`);
        return { identity, offers: await this.offers(client), notes: filled.notes };
      },
    };
    if (!source) return this.template(spec);
    const named = this.request.consentToCopy;
    return this.template({
      ...spec,
      create: (admin, to) => copySource(admin, { source: source.name, named, to }),
    });
  }

  async migrated(seeded: DatasetTemplate): Promise<DatasetTemplate> {
    const { variant, onProgress, signal } = this.request;
    const { migration } = variantNamed(this.loaded, variant);
    if (!migration || migration.up.length === 0) return seeded;
    const where = `variants.${variant}.migration.up`;
    const key = await migrationKey(this.loaded, { variant, up: migration.up, where });
    return this.template({
      key: `${keyOf(seeded)}_${key}`,
      from: seeded.name,
      build: async (client) => {
        const place = { ...this.place(client), values: { variant } };
        await applyDatabaseSettings(client, client.database ?? '', this.settings);
        await setInSession(client, this.settings);
        await runDataSteps(migration.up, where, place);
        await vacuum({ server: this.server, client, signal });
        onProgress(`${variant}: migrated`);
        return seeded.info;
      },
    });
  }

  async withoutIndexes(dataset: DatasetTemplate): Promise<DatasetTemplate> {
    const { droppedIndexes = [], variant } = this.request;
    if (droppedIndexes.length === 0) return dataset;
    return this.template({
      key: `${keyOf(dataset)}_${hashOf(droppedIndexes).slice(0, 6)}`,
      from: dataset.name,
      build: async (client) => {
        const known = await droppableIndexes(client);
        for (const name of droppedIndexes) {
          const index = known.find((one) => one.name === name || `${one.schema}.${one.name}` === name);
          if (!index) throw unknownIndex(name, variant, known);
          const place = `${client.escapeIdentifier(index.schema)}.${client.escapeIdentifier(index.name)}`;
          await client.query(`DROP INDEX ${place}`);
        }
        return dataset.info;
      },
    });
  }

  private async template(spec: TemplateSpec<TemplateInfo>): Promise<DatasetTemplate> {
    const { signal } = this.request;
    try {
      return await ensureTemplate<TemplateInfo>(this.server, spec);
    } catch (error) {
      if (!signal.aborted || (error instanceof HarnessError && error.code === 'INTERRUPTED')) throw error;
      const message = 'Making the dataset was interrupted; nothing was kept.';
      throw new HarnessError('INTERRUPTED', message, { cause: error });
    }
  }

  private get settings(): Readonly<Record<string, string>> {
    return this.loaded.config.database?.settings ?? {};
  }

  private place(client: pg.Client) {
    const { signal, onProgress } = this.request;
    return { loaded: this.loaded, server: this.server, client, signal, onProgress };
  }

  private async fill(client: pg.Client): Promise<FilledDatabase> {
    const { dataset } = this.loaded.config;
    const filled = await fillDatabase(dataset, { ...this.place(client), shape: this.request.shape });
    return { ...filled, notes: [...filled.notes, ...(await foreignServers(client))] };
  }

  private async copyContent(client: pg.Client): Promise<FilledDatabase> {
    const notes = await foreignServers(client);
    return { ...(await contentOf(client, this.request.onProgress)), notes };
  }

  private async offers(client: pg.Client): Promise<Offer[]> {
    const { offers } = this.loaded.config.dispatch;
    if (!('sql' in offers)) return offersOf(offers);
    return offersOf(await readOffers(client, readSqlText(this.loaded, 'dispatch.offers', offers.sql)));
  }

  private identity({ digest, rows }: FilledDatabase, generatorHash: string): DatasetIdentity {
    const { shape } = this.request;
    const sized = heedsSizes(this.loaded.config.dataset);
    return {
      profile: sized ? shape.profile : 'own',
      randomSeed: shape.randomSeed,
      digest,
      generatorHash,
      openBookingsPerDay: sized ? shape.bookings : null,
      driversPerCompany: sized ? shape.drivers : null,
      historyBookings: sized ? shape.history : null,
      companies: sized ? shape.companies : null,
      openDays: sized ? shape.days : null,
      rows,
    };
  }
}

function keyOf({ name }: DatasetTemplate): string {
  return name.replace(/^rushhour_tpl_/, '');
}

/** Through these a copy could still reach what it was copied from, and a schema what it was dumped from. */
async function foreignServers(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT srvname AS name FROM pg_foreign_server ORDER BY 1',
  );
  if (rows.length === 0) return [];
  const names = rows.map(({ name }) => name).join(', ');
  return [
    `dataset: it has foreign servers, through which statements of the service reach other databases: ${names}`,
  ];
}

interface IndexName {
  readonly schema: string;
  readonly name: string;
}

/** Not those behind a key or a unique constraint, which change what may be written. */
async function droppableIndexes(client: pg.Client): Promise<IndexName[]> {
  const { rows } = await client.query<IndexName>(
    `SELECT n.nspname AS schema, c.relname AS name
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${USER_SCHEMA} AND NOT c.relispartition
       AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
     ORDER BY 1, 2`,
  );
  return rows;
}

function unknownIndex(name: string, variant: string, known: readonly IndexName[]): HarnessError {
  return new HarnessError(
    'BAD_OPTION',
    `--drop-index: the database of ${variant} has no index "${name}" that can be dropped.`,
    {
      hint:
        known.length > 0
          ? `It has ${known.map((one) => one.name).join(', ')}.`
          : 'It has none but those of its keys.',
    },
  );
}
