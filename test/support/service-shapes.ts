import path from 'node:path';
import { execa } from 'execa';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import type { Dimension } from '../../harness/profiling/growth-sample.ts';
import type { GrowthVerdict } from '../../harness/profiling/judgement.ts';
import { CHUNK, startBatchedLoader } from '../fixtures/services/batched-loader.ts';
import { startClean } from '../fixtures/services/clean.ts';
import { startCopyJob } from '../fixtures/services/copy-job.ts';
import {
  startAutocommitWriter,
  startBulkWriter,
  startOneTransactionWriter,
} from '../fixtures/services/delivery-writers.ts';
import { startErratic } from '../fixtures/services/erratic.ts';
import { startNTimesM } from '../fixtures/services/n-times-m.ts';
import { startBatchLookup, startBatchWriter } from '../fixtures/services/one-batch.ts';
import { startOrmIdentityMap } from '../fixtures/services/orm-identity-map.ts';
import { startPipelined } from '../fixtures/services/pipelined.ts';
import { startPlpgsqlLoop } from '../fixtures/services/plpgsql-loop.ts';
import { startRepeatedSetting } from '../fixtures/services/repeated-setting.ts';
import type { RunningService, StartService, UnitSizes } from '../fixtures/services/service-shape.ts';

/** One unit of work to be measured, and which of its sizes is varied on purpose. */
export interface ShapeStep {
  readonly varied: Dimension;
  readonly sizes: UnitSizes;
}

/** What is true of one statement of a shape, by the code of the shape. */
export interface TrueGrowth {
  /** Found in the folded text of one statement of the shape, and of one only; `commits`: of its writing transactions. */
  readonly statement: RegExp | 'commits';
  readonly verdict: GrowthVerdict;
  /** Calls for each; what it is for is said beside it. */
  readonly slope?: number;
  /** Rows of one batch. */
  readonly chunk?: number;
  /** Most calls there can be. */
  readonly plateau?: number;
}

/** A service whose use of its database is known. */
export interface ServiceShape {
  readonly name: string;
  readonly start: StartService;
  readonly steps: readonly ShapeStep[];
  /** Everything that is not constant. */
  readonly grows: readonly TrueGrowth[];
  /** What is to be reported of it, sorted. */
  readonly findings: readonly string[];
}

/** Drivers in the schema: the parents that an identity map gets to know. */
const DRIVERS = 20;

const BOOKING_STEPS: readonly ShapeStep[] = [8, 16, 32, 64].map((bookings) => ({
  varied: 'bookings',
  sizes: { bookings, drivers: DRIVERS },
}));

const ITEM_LOOKUP = /FROM item WHERE id = \$/;
const INSERT_DELIVERY = /^INSERT INTO delivery/i;

export const SERVICE_SHAPES: readonly ServiceShape[] = [
  {
    name: 'Express with a pg pool looks up the item of each row',
    start: startExpress,
    steps: BOOKING_STEPS,
    grows: [{ statement: ITEM_LOOKUP, verdict: 'n-plus-one', slope: 1 }], // an item for each booking
    findings: ['n-plus-one'],
  },
  {
    name: 'an ORM with an identity map loads drivers lazily',
    start: startOrmIdentityMap,
    steps: BOOKING_STEPS,
    // 8, 16, 20, 20 lookups: booking k has driver 1 + (k - 1) % 20
    grows: [{ statement: /FROM driver/, verdict: 'saturating', plateau: DRIVERS }],
    findings: ['n-plus-one'],
  },
  {
    name: 'a loader asks in chunks of 20',
    start: startBatchedLoader,
    steps: BOOKING_STEPS,
    grows: [{ statement: /FROM item WHERE id IN/, verdict: 'batched', chunk: CHUNK }], // 1, 1, 2, 4 statements
    findings: [],
  },
  {
    name: 'a job writes its rows by one COPY',
    start: startCopyJob,
    steps: BOOKING_STEPS,
    grows: [],
    findings: [],
  },
  {
    name: 'a plpgsql function loops inside the server',
    start: startPlpgsqlLoop,
    steps: BOOKING_STEPS,
    grows: [], // as seen from outside: nothing is waited for but one call
    findings: [],
  },
  {
    name: 'lookups are pipelined on one connection',
    start: startPipelined,
    steps: BOOKING_STEPS,
    grows: [{ statement: ITEM_LOOKUP, verdict: 'n-plus-one', slope: 1 }], // an item for each booking
    findings: ['n-plus-one'],
  },
  {
    name: 'lookups are sent as one batch',
    start: startBatchLookup,
    steps: BOOKING_STEPS,
    grows: [{ statement: ITEM_LOOKUP, verdict: 'n-plus-one', slope: 1 }], // an item for each booking
    findings: ['n-plus-one'],
  },
  {
    name: 'rows are inserted one by one, each a transaction of its own',
    start: startAutocommitWriter,
    steps: BOOKING_STEPS,
    grows: [
      { statement: INSERT_DELIVERY, verdict: 'n-plus-one', slope: 1 }, // an INSERT for each booking
      { statement: 'commits', verdict: 'n-plus-one', slope: 1 }, // and a transaction
    ],
    findings: ['commit-per-row', 'row-by-row-write'],
  },
  {
    name: 'rows are inserted one by one in one transaction',
    start: startOneTransactionWriter,
    steps: BOOKING_STEPS,
    grows: [{ statement: INSERT_DELIVERY, verdict: 'n-plus-one', slope: 1 }], // an INSERT for each booking
    findings: ['row-by-row-write'],
  },
  {
    name: 'rows are inserted one by one in one batch',
    start: startBatchWriter,
    steps: BOOKING_STEPS,
    // An INSERT for each booking; but what is sent up to one Sync is one transaction.
    grows: [{ statement: INSERT_DELIVERY, verdict: 'n-plus-one', slope: 1 }],
    findings: ['row-by-row-write'],
  },
  {
    name: 'rows are inserted by one statement',
    start: startBulkWriter,
    steps: BOOKING_STEPS,
    grows: [],
    findings: [],
  },
  {
    name: 'a cache hits by chance',
    start: startErratic,
    steps: BOOKING_STEPS,
    grows: [{ statement: ITEM_LOOKUP, verdict: 'erratic' }],
    findings: [],
  },
  {
    name: 'the same setting is asked for again for each row',
    start: startRepeatedSetting,
    steps: BOOKING_STEPS,
    grows: [{ statement: /FROM setting/, verdict: 'redundant', slope: 1 }], // the one setting for each booking
    findings: ['redundant-query'],
  },
  {
    name: 'each driver is asked about for each row',
    start: startNTimesM,
    steps: [
      ...[8, 16, 32, 64].map(
        (bookings): ShapeStep => ({ varied: 'bookings', sizes: { bookings, drivers: 4 } }),
      ),
      ...[2, 4, 8, 16].map((drivers): ShapeStep => ({ varied: 'drivers', sizes: { bookings: 8, drivers } })),
    ],
    grows: [{ statement: /count\(\*\)/, verdict: 'superlinear', slope: 1 }], // for each pair of booking and driver
    findings: ['n-times-m'],
  },
  {
    name: 'one join and one set-based update',
    start: startClean,
    steps: BOOKING_STEPS,
    grows: [],
    findings: [],
  },
];

/** Express runs as a process of its own and is asked over HTTP, as a user's service would be. */
async function startExpress(databaseUrl: string): Promise<RunningService> {
  const child = execa(
    process.execPath,
    ['--import', 'tsx', path.join(import.meta.dirname, '../fixtures/services/express-pg.ts')],
    {
      cwd: PROJECT_ROOT, // the loader is found from here
      env: { DATABASE_URL: databaseUrl },
      stdin: 'ignore',
      stderr: 'inherit',
      buffer: false,
      reject: false,
    },
  );
  const baseUrl = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(String(line).trim()));
    child.once('exit', (code) => reject(new Error(`express-pg ended before it listened: exit ${code}`)));
  });
  return {
    work: async ({ bookings }) => {
      const answer = await fetch(`${baseUrl}/bookings?limit=${bookings}`);
      const rows = (await answer.json()) as unknown[];
      if (rows.length !== bookings) throw new Error(`Expected ${bookings} bookings, got ${rows.length}.`);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await child;
    },
  };
}
