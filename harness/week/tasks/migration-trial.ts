/** Puts a migration in and takes it back, each twice, and reads what that did to definitions and rows. */
import type pg from 'pg';
import { digestCopy } from '../../backup/back-up.ts';
import { messageOf } from '../../errors.ts';
import { readSchemaLines, type TableDigest } from '../../postgres/content-digest.ts';
import { withAdmin } from '../../postgres/server.ts';
import { cancellable } from '../../postgres/sessions.ts';
import type { MigrationFact } from '../../week-record.ts';
import type { WeekMigration } from '../week-migration.ts';
import { rowsDigest } from './rows-digest.ts';
import { schemaChanges } from './schema-changes.ts';
import { readSecondaryIndexes } from './secondary-indexes.ts';
import type { WeekContext } from './week-task.ts';

/** The database of a trial and with what it is tried. */
export interface TrialPlace extends Pick<WeekContext, 'server' | 'signal' | 'progress'> {
  readonly migration: WeekMigration;
  readonly database: string;
}

/** One run of the migration in one direction. */
interface TrialStep {
  readonly durationMs: number;
  /** Why it failed, as a line of its own; empty when it did not. */
  readonly failure: readonly string[];
  /** Definitions afterwards. */
  readonly lines: readonly string[];
}

/**
 * @returns all that is told of a migration but its text. A step that fails is a line of what it should not have changed, and
 * the others go on: what a failed one leaves behind is a part of the answer
 */
export async function tryMigration(place: TrialPlace): Promise<Omit<MigrationFact, 'name' | 'declared'>> {
  const before = {
    lines: await inTrial(place, readSchemaLines),
    indexes: await inTrial(place, readSecondaryIndexes),
    tables: await digestTables(place, 'Digest of its rows'),
  };
  const names = new Set(before.tables.map(({ name }) => name));
  const up = await takeStep(place, 'up');
  const present = await inTrial(place, readSecondaryIndexes);
  const upAgain = await takeStep(place, 'up');
  const upgraded = await digestTables(place, 'Digest after the upgrade');
  const digestOf = (tables: readonly TableDigest[]) => rowsDigest(tables, names);
  return {
    before: before.indexes.map(({ name }) => name),
    present,
    upgradedMs: up.durationMs,
    secondUpgrade: [
      ...up.failure.map((line) => `first upgrade ${line}`),
      ...upAgain.failure,
      ...schemaChanges(up.lines, upAgain.lines),
    ],
    ...(await tryDowngrade(place, before.lines, {
      before: digestOf(before.tables),
      upgraded: digestOf(upgraded),
      digestOf,
    })),
  };
}

type Downgraded = Pick<MigrationFact, 'notDowngraded' | 'afterDowngrade' | 'secondDowngrade' | 'digests'>;

interface UpgradedRows {
  readonly before: string;
  readonly upgraded: string;
  readonly digestOf: (tables: readonly TableDigest[]) => string;
}

async function tryDowngrade(
  place: TrialPlace,
  linesBefore: readonly string[],
  { before, upgraded, digestOf }: UpgradedRows,
): Promise<Downgraded> {
  const { noDown } = place.migration;
  if (noDown !== undefined) {
    const digests = { before, upgraded, downgraded: null };
    return { notDowngraded: noDown, afterDowngrade: null, secondDowngrade: null, digests };
  }
  const down = await takeStep(place, 'down');
  const downAgain = await takeStep(place, 'down');
  const downgraded = digestOf(await digestTables(place, 'Digest after the downgrade'));
  return {
    afterDowngrade: [...down.failure, ...schemaChanges(linesBefore, down.lines)],
    secondDowngrade: [...downAgain.failure, ...schemaChanges(down.lines, downAgain.lines)],
    digests: { before, upgraded, downgraded },
  };
}

/** A session of its own: what one leaves behind in its session meets no other. */
function inTrial<T>({ server, database }: TrialPlace, work: (client: pg.Client) => Promise<T>): Promise<T> {
  return withAdmin(server, database, work);
}

async function digestTables(place: TrialPlace, title: string): Promise<readonly TableDigest[]> {
  const { server, database, signal, progress } = place;
  const digest = await progress.step(title, (update) => digestCopy(server, database, signal, update));
  return digest.tables;
}

async function takeStep(place: TrialPlace, direction: 'up' | 'down'): Promise<TrialStep> {
  const { server, signal, progress, migration } = place;
  signal.throwIfAborted();
  const startedMs = performance.now();
  const failure = await progress.step(`${migration.name} ${direction}`, () =>
    inTrial(place, (client) => cancellable(server, client, signal, () => migration[direction](client))).then(
      () => [],
      (error: unknown) => {
        signal.throwIfAborted();
        return [`failed: ${messageOf(error)}`];
      },
    ),
  );
  const durationMs = performance.now() - startedMs;
  return { durationMs, failure, lines: await inTrial(place, readSchemaLines) };
}
