/** From a workload to a set of indexes, every figure counted by running it. */
import { withAdmin } from '../postgres/server.ts';
import { cloneTemplate } from '../postgres/templates.ts';
import type { Progress } from '../progress.ts';
import { buildCandidates, type IndexCandidate, type SpareTable } from './candidates.ts';
import { type Catalogue, type CatalogueIndex, findTable, readCatalogue } from './catalogue.ts';
import {
  addIndexes,
  type Choice,
  type Chooser,
  type JudgedChoice,
  judgeEach,
  leaveEachOut,
  type MeasuredSet,
} from './choose-indexes.ts';
import { createIndexSql, describeIndex, dropIndexSql, type IndexDefinition } from './index-definition.ts';
import { asNeighbour, servingNeighbour } from './judge-existing.ts';
import { type IndexTrial, type JudgedIndex, judgeIndex } from './judge-index.ts';
import { measureWorkload, type WorkloadContext } from './measure-workload.ts';
import { type Measurement, stablePlaces } from './measurement.ts';
import { type ReadWorkload, readStatements } from './planned-statements.ts';
import { rankCandidates } from './rank-candidates.ts';
import { type Screening, screenCandidates } from './screen.ts';
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

/** What was left aside without a replay. */
export interface AdviceScreening {
  readonly candidates: number;
  readonly unused: readonly IndexCandidate[];
  readonly impossible: readonly { candidate: IndexCandidate; failure: string }[];
  /** Used by some plan, but another candidate promised as much, or the rounds were over. */
  readonly waiting: readonly IndexCandidate[];
}

export interface ReferenceSet {
  readonly measurement: Measurement;
  readonly judged: readonly JudgedChoice<IndexDefinition>[];
}

interface Adviser {
  readonly context: WorkloadContext;
  readonly progress: Progress;
  readonly catalogue: Catalogue;
  readonly read: ReadWorkload;
  readonly chooser: Chooser<IndexDefinition>;
}

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
  const measure = measuredOnce(context);
  const [before, beforeAgain] = await progress.step('Replay as it is', async (update) => {
    const first = await measure([], []);
    update('once more');
    return [first, await measureWorkload(context, { create: [], drop: [] })] as const;
  });
  const stable = stablePlaces(before, beforeAgain);
  const chooser: Chooser<IndexDefinition> = {
    measure: (indexes) => measure(indexes, []),
    judge: (index, without, withIndex) =>
      judgeIndex(factsOf(index, catalogue, withIndex), { initial: before, without, withIndex, stable }),
    related: (one, other) => one.table === other.table && one.schema === other.schema,
  };
  const adviser = { context, progress, catalogue, read, chooser };
  const grown = await growSet(adviser, { indexes: [], measurement: before }, built.candidates, request);
  const kept = await progress.step('Leave each out', () => leaveEachOut(grown.set, chooser));
  const existing = await leaveOutExisting(adviser, measure, kept.set, { initial: before, stable });
  const reference = await judgeReference(adviser, request.reference);
  const pairs = await timePairs(context, progress, kept.set.indexes, request.pairs);
  return {
    catalogue,
    stable,
    before,
    beforeAgain,
    after: kept.set.measurement,
    advised: kept.judged,
    refused: [...grown.refused, ...kept.refused],
    screening: grown.screening,
    spareTables: built.spareTables,
    existing,
    reference,
    pairs,
  };
}

type Measure = (create: readonly IndexDefinition[], drop: readonly CatalogueIndex[]) => Promise<Measurement>;

/** Equal sets of indexes cost the same blocks, so each is replayed once. */
function measuredOnce(context: WorkloadContext): Measure {
  const known = new Map<string, Promise<Measurement>>();
  return (create, drop) => {
    const key = [...create.map((index) => createIndexSql(index)), ...drop.map((index) => dropIndexSql(index))]
      .sort()
      .join('\n');
    const found = known.get(key) ?? measureWorkload(context, { create, drop });
    known.set(key, found);
    return found;
  };
}

async function onClone<T>(
  { server, template }: WorkloadContext,
  work: (client: Parameters<typeof readCatalogue>[0]) => Promise<T>,
): Promise<T> {
  const clone = await cloneTemplate(server, template);
  try {
    return await withAdmin(server, clone.name, work);
  } finally {
    await clone.drop();
  }
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

/** Rounds of screening and measuring, each on top of what the rounds before have taken, until one takes nothing. */
async function growSet(
  { context, progress, read, chooser }: Adviser,
  start: MeasuredSet<IndexDefinition>,
  candidates: readonly IndexCandidate[],
  { rounds, perRound }: AdviceRequest,
): Promise<Choice<IndexDefinition> & { readonly screening: AdviceScreening }> {
  let set = start;
  let left = candidates;
  const refused: JudgedChoice<IndexDefinition>[] = [];
  let screening: Screening = { screened: [], costsBefore: [] };
  const first: { screening: Screening | null } = { screening: null };
  for (let round = 1; round <= rounds && left.length > 0; round++) {
    screening = await progress.step(
      `Round ${round}: ask the planner about ${left.length} indexes`,
      (update) =>
        onClone(context, async (client) => {
          for (const index of set.indexes) await client.query(createIndexSql(index));
          return screenCandidates(client, left, read.statements, (done) => {
            context.signal.throwIfAborted();
            update(`${done} of ${left.length}`);
          });
        }),
    );
    first.screening ??= screening;
    const ranked = rankCandidates(screening, perRound).map(({ candidate }) => candidate);
    if (ranked.length === 0) break;
    const taken = await progress.step(`Round ${round}: replay with ${ranked.length} indexes`, (update) =>
      addIndexes(set, ranked, {
        ...chooser,
        measure: (indexes) => {
          const last = indexes.at(-1);
          if (last) update(describeIndex(last));
          return chooser.measure(indexes);
        },
      }),
    );
    refused.push(...taken.refused);
    left = left.filter((one) => !ranked.includes(one));
    const isOver = taken.set.indexes.length === set.indexes.length;
    set = taken.set;
    if (isOver) break;
  }
  return { set, refused, screening: summaryOf(candidates, first.screening ?? screening, left) };
}

function summaryOf(
  candidates: readonly IndexCandidate[],
  { screened }: Screening,
  left: readonly IndexCandidate[],
): AdviceScreening {
  const impossible = screened.flatMap(({ candidate, failure }) =>
    failure === null ? [] : [{ candidate, failure }],
  );
  const unused = screened
    .filter(({ costs, failure }) => costs.size === 0 && failure === null)
    .map(({ candidate }) => candidate);
  const explained = new Set<IndexCandidate>([...unused, ...impossible.map(({ candidate }) => candidate)]);
  return {
    candidates: candidates.length,
    unused: unused.filter((one) => left.includes(one)),
    impossible,
    waiting: left.filter((one) => !explained.has(one)),
  };
}

/**
 * Each index that could be dropped is left out once, beside the advised ones. Those that another serves for are gone
 * meanwhile: of two that are equal the planner takes one, and the other would look unused.
 */
async function leaveOutExisting(
  { progress, catalogue }: Adviser,
  measure: Measure,
  { indexes, measurement }: MeasuredSet<IndexDefinition>,
  ground: Pick<IndexTrial, 'initial' | 'stable'>,
): Promise<JudgedChoice<CatalogueIndex>[]> {
  const removable = catalogue.indexes.filter(({ required }) => !required);
  if (removable.length === 0) return [];
  const neighbours = [...catalogue.indexes, ...indexes.map(asNeighbour)];
  const served = removable.filter((index) => servingNeighbour(index, neighbours) !== null);
  return progress.step(`Leave out each of ${removable.length} indexes that are there`, async (update) => {
    const withoutServed = await measure(indexes, served);
    const judged: JudgedChoice<CatalogueIndex>[] = [];
    for (const index of removable) {
      update(index.name);
      const isServed = served.includes(index);
      const withIndex = isServed ? measurement : withoutServed;
      const without = await measure(indexes, isServed ? [index] : [...served, index]);
      const { schema, table, name, bytes } = index;
      const tableBytes = findTable(catalogue, table, schema)?.bytes ?? 0;
      const facts = { name, table: `${schema}.${table}`, bytes, buildMs: null, tableBytes };
      judged.push({ index, judgement: judgeIndex(facts, { ...ground, without, withIndex }), beside: [] });
    }
    return judged;
  });
}

async function judgeReference(
  { progress, chooser }: Adviser,
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
