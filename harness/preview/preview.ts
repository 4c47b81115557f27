/** What a verb would do to a server: one module for all verbs. Changes nothing. */
import type { DatasetShape } from '../../seed/profiles.ts';
import { readDatabaseState } from '../postgres/database-state.ts';
import { refuseProduction } from '../postgres/production-signs.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import { CLONE_STRATEGY } from '../postgres/templates.ts';
import type { DatasetRequest, Target } from '../targets/target.ts';
import type { DatasetPreview, PlannedRows, PreviewStep, TemplatePreview } from './dataset-preview.ts';

export interface PreviewRequest {
  readonly verb: string;
  /** Datasets that it would make sure of. */
  readonly datasets?: {
    readonly target: Target;
    /** With indexes that are left out of the database on purpose, if any. */
    readonly variants: readonly (string | Pick<DatasetRequest, 'variant' | 'droppedIndexes'>)[];
    readonly shape: DatasetShape;
  };
  /** A database of ours that it names. */
  readonly database?: string;
  /** What it would do besides: SQL in `database`. */
  readonly steps?: readonly PreviewStep[];
  /** What becomes of the templates: clones, their number at most where that is known. Default: nothing. */
  readonly clones?: string;
  /** What it would ask of a service, how long at most; in sentences. */
  readonly asks: readonly string[];
}

export interface ServerIdentity {
  /** `null` for the embedded server, which is not started for a plan. */
  readonly host: string | null;
  readonly port: number | null;
  readonly version: string | null;
  readonly systemIdentifier: string | null;
  readonly role: string | null;
}

export interface PlannedDatabase {
  readonly name: string;
  readonly purpose: string;
  /** Whether one of that name is there; `null` where nobody was asked. */
  readonly exists: boolean | null;
  readonly steps: readonly PreviewStep[];
  readonly rows: readonly PlannedRows[];
}

export interface Preview {
  readonly verb: string;
  readonly server: ServerIdentity;
  readonly databases: readonly PlannedDatabase[];
  readonly asks: readonly string[];
}

const EMBEDDED: ServerIdentity = {
  host: null,
  port: null,
  version: null,
  systemIdentifier: null,
  role: null,
};

/**
 * @param server `null` for the embedded server
 * @throws HarnessError as the verb itself would for a server that it refuses, or a dataset that cannot be made
 */
export async function previewOf(
  server: PostgresServer | null,
  request: PreviewRequest,
  allowServer?: string,
): Promise<Preview> {
  if (server !== null) await refuseProduction(server, allowServer);
  const templates = request.datasets === undefined ? [] : await templatesOf(server, request.datasets);
  const planned = [
    ...templates.map(asDatabase),
    ...(request.database === undefined ? [] : [namedDatabase(request.database, request.steps ?? [])]),
    ...(request.clones === undefined ? [] : boundDatabases(request.datasets)),
    ...(request.clones === undefined ? [] : [clonesOf(request.clones, templates)]),
  ];
  return {
    verb: request.verb,
    server: server === null ? EMBEDDED : await identityOf(server),
    databases: server === null ? planned : await withExistence(server, planned),
    asks: request.asks,
  };
}

/** Variants share templates: each is told once. */
async function templatesOf(
  server: PostgresServer | null,
  { target, variants, shape }: NonNullable<PreviewRequest['datasets']>,
): Promise<TemplatePreview[]> {
  const datasets: DatasetPreview[] = [];
  for (const one of variants) {
    const wanted = typeof one === 'string' ? { variant: one } : one;
    datasets.push(await target.previewDataset(server, { ...wanted, shape }));
  }
  const byName = new Map(datasets.flatMap(({ templates }) => templates).map((one) => [one.name, one]));
  return [...byName.values()];
}

/** The SQL of `templates.ts`: built under another name, closed last. */
function asDatabase({ name, from, steps, rows }: TemplatePreview): PlannedDatabase {
  const copied = from === null ? 'template0' : `"${from}"`;
  return {
    ...{ name, rows },
    purpose: 'template, kept to be cloned',
    exists: null,
    steps: [
      { what: 'make it', text: `CREATE DATABASE rushhour_build_… TEMPLATE ${copied};` },
      ...steps,
      {
        what: 'close it',
        text: `ALTER DATABASE rushhour_build_… RENAME TO "${name}";\nALTER DATABASE "${name}" WITH ALLOW_CONNECTIONS false IS_TEMPLATE true;`,
      },
    ],
  };
}

function namedDatabase(name: string, steps: readonly PreviewStep[]): PlannedDatabase {
  return {
    name,
    purpose: "named by --database; refused unless it is rushhour's own",
    exists: null,
    steps,
    rows: [],
  };
}

/** Of services that run already and are bound to a database of a name that stays. */
function boundDatabases(datasets: PreviewRequest['datasets']): PlannedDatabase[] {
  if (datasets === undefined) return [];
  const { target, variants } = datasets;
  const named = variants
    .map((one) => target.newDatabaseName(typeof one === 'string' ? one : one.variant))
    .filter((name) => !name.startsWith('rushhour_run_'));
  const purpose = "of a service that runs already, made anew each time; refused unless it is rushhour's own";
  return [...new Set(named)].map((name) => ({ name, purpose, exists: null, steps: [], rows: [] }));
}

function clonesOf(clones: string, templates: readonly TemplatePreview[]): PlannedDatabase {
  const from = templates.at(-1)?.name ?? 'rushhour_tpl_…';
  return {
    name: 'rushhour_run_…',
    purpose: clones,
    exists: null,
    steps: [
      {
        what: 'make and drop each',
        text: `CREATE DATABASE "rushhour_run_…" TEMPLATE "${from}" STRATEGY ${CLONE_STRATEGY};\nDROP DATABASE "rushhour_run_…";`,
      },
    ],
    rows: [],
  };
}

async function withExistence(
  server: PostgresServer,
  databases: readonly PlannedDatabase[],
): Promise<PlannedDatabase[]> {
  return withAdmin(server, undefined, async (admin) => {
    const found: PlannedDatabase[] = [];
    for (const one of databases) {
      const exists = one.name.endsWith('…') ? null : (await readDatabaseState(admin, one.name)) !== null;
      found.push({ ...one, exists });
    }
    return found;
  });
}

async function identityOf(server: PostgresServer): Promise<ServerIdentity> {
  const url = new URL(server.adminUrl());
  const systemIdentifier = await withAdmin(server, undefined, async (admin) => {
    const { rows } = await admin.query<{ id: string }>(
      'SELECT system_identifier::text AS id FROM pg_control_system()',
    );
    return rows[0]?.id ?? null;
  }).catch(() => null); // a managed server may keep it to itself
  return {
    host: decodeURIComponent(url.hostname),
    port: Number(url.port || 5432),
    version: server.version,
    systemIdentifier,
    role: server.serviceRole,
  };
}
