/** From a workload to a set of indexes, every figure counted by running it. */
import type { Progress } from '../progress.ts';
import { formatCount } from '../quantity.ts';
import { buildCandidates, type SpareTable } from './candidates.ts';
import { type Catalogue, type CatalogueIndex, findTable, readCatalogue } from './catalogue.ts';
import {
  type Chooser,
  exchangeIndexes,
  type JudgedChoice,
  judgeEach,
  leaveEachOut,
  type Replaced,
} from './choose-indexes.ts';
import { type AdviceScreening, growSet } from './grow-set.ts';
import { describeIndex, type IndexDefinition } from './index-definition.ts';
import { type JudgedIndex, judgeIndex } from './judge-index.ts';
import { leaveOutExisting } from './leave-out-existing.ts';
import { measureWorkload, onClone, type WorkloadContext } from './measure-workload.ts';
import type { Measurement } from './measurement.ts';
import { readStatements } from './planned-statements.ts';
import { layGround } from './replay-ground.ts';
import { alternate, type TimedPair } from './time-pairs.ts';

export interface AdviceRequest {
  /** Candidates that are replayed in one round; the others wait for the next. */
  readonly perRound: number;
  readonly rounds: number;
  /** Pairs of replays that time the result; 0: none. */
  readonly pairs: number;
  /** Indexes that somebody has chosen by hand, to be judged beside; none is advised for being among them. */
  readonly reference: readonly IndexDefinition[];
}

export interface Advice {
  readonly catalogue: Catalogue;
  readonly stable: ReadonlySet<number>;
  readonly before: Measurement;
  /** The same once more: what differs between the two is no effect of an index. */
  readonly beforeAgain: Measurement;
  readonly after: Measurement;
  readonly advised: readonly JudgedChoice<IndexDefinition>[];
  readonly refused: readonly JudgedChoice<IndexDefinition>[];
  readonly screening: AdviceScreening;
  readonly spareTables: readonly SpareTable[];
  readonly existing: readonly JudgedChoice<CatalogueIndex>[];
  readonly reference: ReferenceSet | null;
  readonly pairs: readonly TimedPair[];
}

export interface ReferenceSet {
  readonly measurement: Measurement;
  readonly judged: readonly JudgedChoice<IndexDefinition>[];
}

type Kept = Awaited<ReturnType<typeof leaveEachOut<IndexDefinition>>>;

/**
 * @throws HarnessError INTERRUPTED, DATABASE_FAILED
 */
export async function adviseIndexes(
  context: WorkloadContext,
  progress: Progress,
  request: AdviceRequest,
): Promise<Advice> {
  const catalogue = await onClone(context, readCatalogue);
  const read = readStatements(context.workload, catalogue);
  const built = buildCandidates(read.uses, catalogue);
  const { measure, before, beforeAgain, stable } = await layGround(context, progress);
  const chooser: Chooser<IndexDefinition> = {
    measure: (indexes) => measure(indexes, []),
    judge: (index, without, withIndex) =>
      judgeIndex(factsOf(index, catalogue, withIndex), { initial: before, without, withIndex, stable }),
    related: isOfOneTable,
    alike: (one, other) => isOfOneTable(one, other) && shareColumn(one, other),
  };
  const start = { indexes: [], measurement: before };
  const grown = await growSet(
    { context, progress, statements: read.statements, chooser },
    start,
    built.candidates,
    request,
  );
  const kept = await progress.step(`Leave out each of ${grown.set.indexes.length}`, () =>
    leaveEachOut(grown.set, chooser),
  );
  const settled = await exchange(progress, kept, grown.refused, chooser);
  const existing = await leaveOutExisting({ progress, catalogue, measure }, settled.set, {
    initial: before,
    stable,
  });
  const reference = await judgeReference(progress, chooser, request.reference);
  const pairs = await timePairs(context, progress, settled.set.indexes, request.pairs);
  return {
    catalogue,
    stable,
    before,
    beforeAgain,
    after: settled.set.measurement,
    advised: settled.judged,
    refused: withoutTaken([...grown.refused, ...kept.refused, ...settled.refused], settled.set.indexes),
    screening: grown.screening,
    spareTables: built.spareTables,
    existing,
    reference,
    pairs,
  };
}

function isOfOneTable(one: IndexDefinition, other: IndexDefinition): boolean {
  return one.table === other.table && one.schema === other.schema;
}

function shareColumn(one: IndexDefinition, other: IndexDefinition): boolean {
  return one.keys.some(({ column }) => other.keys.some((key) => key.column === column));
}

/** Those that were refused because of what had been taken before get one more chance, each in place of one of these. */
async function exchange(
  progress: Progress,
  kept: Kept,
  refused: readonly JudgedChoice<IndexDefinition>[],
  chooser: Chooser<IndexDefinition>,
): Promise<Kept> {
  const others = refused.filter(({ beside }) => beside.length > 0).map(({ index }) => index);
  if (others.length === 0) return { ...kept, refused: [] };
  return progress.step(`Try ${others.length} in place of others`, async () => {
    const { set, replaced } = await exchangeIndexes(kept.set, others, chooser);
    if (replaced.length === 0) return { ...kept, refused: [] };
    const settled = await leaveEachOut(set, chooser);
    return {
      ...settled,
      refused: [...replaced.flatMap((one) => replacedChoice(one, kept)), ...settled.refused],
    };
  });
}

function replacedChoice(
  { index, by, cost, costInItsPlace }: Replaced<IndexDefinition>,
  { judged }: Kept,
): JudgedChoice<IndexDefinition>[] {
  const reason = `${describeIndex(by)} in its place brings the whole workload from ${formatCount(cost)} blocks to ${formatCount(costInItsPlace)}`;
  return judged
    .filter((choice) => choice.index === index)
    .map((choice) => ({
      ...choice,
      judgement: { ...choice.judgement, accepted: false, failures: [reason] },
    }));
}

/** The last word on each that was refused. */
function withoutTaken(
  refused: readonly JudgedChoice<IndexDefinition>[],
  taken: readonly IndexDefinition[],
): JudgedChoice<IndexDefinition>[] {
  const last = new Map(refused.map((choice) => [choice.index, choice]));
  return [...last.values()].filter(({ index }) => !taken.includes(index));
}

function factsOf(
  { schema, table, name }: IndexDefinition,
  catalogue: Catalogue,
  withIndex: Measurement,
): JudgedIndex {
  const built = withIndex.built.find((one) => one.name === name);
  return {
    name,
    table: `${schema}.${table}`,
    bytes: built?.bytes ?? 0,
    buildMs: built?.buildMs ?? null,
    tableBytes: findTable(catalogue, table, schema)?.bytes ?? 0,
  };
}

async function judgeReference(
  progress: Progress,
  chooser: Chooser<IndexDefinition>,
  reference: readonly IndexDefinition[],
): Promise<ReferenceSet | null> {
  if (reference.length === 0) return null;
  return progress.step(`The ${reference.length} indexes of the migration, each left out`, async () => {
    const measurement = await chooser.measure(reference);
    return { measurement, judged: await judgeEach({ indexes: reference, measurement }, chooser) };
  });
}

async function timePairs(
  context: WorkloadContext,
  progress: Progress,
  advised: readonly IndexDefinition[],
  pairs: number,
): Promise<TimedPair[]> {
  if (pairs === 0 || advised.length === 0) return [];
  return progress.step(`Time ${pairs} pairs of replays`, (update) => {
    let done = 0;
    const replay = (create: readonly IndexDefinition[]) => () => {
      update(`${done++} of ${2 * pairs}`);
      return measureWorkload(context, { create, drop: [] });
    };
    return alternate(pairs, { before: replay([]), after: replay(advised) });
  });
}
