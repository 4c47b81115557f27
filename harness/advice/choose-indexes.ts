/** Which of several indexes to have together: taken one by one by what was measured, then each left out once. */
import { type IndexJudgement, netSaving, wholeCost } from './judge-index.ts';
import type { Measurement } from './measurement.ts';

/** A set of indexes and what the workload costs with it. */
export interface MeasuredSet<Index> {
  readonly indexes: readonly Index[];
  readonly measurement: Measurement;
}

export interface Chooser<Index> {
  /** Replays the workload with these indexes and no other new ones. */
  measure(indexes: readonly Index[]): Promise<Measurement>;
  judge(index: Index, without: Measurement, withIndex: Measurement): IndexJudgement;
  /** Whether one may do what the other did: they are of one table. */
  related(one: Index, other: Index): boolean;
  /** Whether one may do it in place of the other: they have a column in common as well. */
  alike(one: Index, other: Index): boolean;
}

/** An index and how it did on top of others, or beside them. */
export interface JudgedChoice<Index> {
  readonly index: Index;
  readonly judgement: IndexJudgement;
  /** The indexes that were there as well. */
  readonly beside: readonly Index[];
}

export interface Choice<Index> {
  readonly set: MeasuredSet<Index>;
  readonly refused: readonly JudgedChoice<Index>[];
}

/**
 * Adds to `start` what pays. Each candidate is measured on top of the start; then the best is taken, and those that were good are
 * measured again on top of what has been taken, best first, until none is left: an index that helps what another has helped
 * already shows what it still adds. Refused for good is what fails by itself.
 */
export async function addIndexes<Index>(
  start: MeasuredSet<Index>,
  candidates: readonly Index[],
  { measure, judge }: Chooser<Index>,
): Promise<Choice<Index>> {
  let set = start;
  const refused: JudgedChoice<Index>[] = [];
  const tryOn = async (index: Index) => {
    const measurement = await measure([...set.indexes, index]);
    return {
      index,
      judgement: judge(index, set.measurement, measurement),
      beside: set.indexes,
      measurement,
    };
  };
  let waiting: Awaited<ReturnType<typeof tryOn>>[] = [];
  for (const candidate of candidates) {
    const tried = await tryOn(candidate);
    if (tried.judgement.accepted) waiting.push(tried);
    else refused.push(choiceOf(tried));
  }
  while (waiting.length > 0) {
    waiting.sort((a, b) => netSaving(b.judgement) - netSaving(a.judgement));
    const [first, ...others] = waiting as [(typeof waiting)[number], ...typeof waiting];
    const isCurrent = first.beside === set.indexes;
    const tried = isCurrent ? first : await tryOn(first.index);
    const next = others[0];
    if (!tried.judgement.accepted) {
      refused.push(choiceOf(tried));
      waiting = others;
    } else if (next && netSaving(next.judgement) > netSaving(tried.judgement)) {
      waiting = [tried, ...others]; // it saves less than it did: the next one may be better by now
    } else {
      set = { indexes: [...set.indexes, tried.index], measurement: tried.measurement };
      waiting = others;
    }
  }
  return { set, refused };
}

/**
 * Leaves each index out once, the least useful first. One that fails then is removed for good, and those that may have leant
 * on it are judged again. What is left is judged with all others that are left in place.
 */
export async function leaveEachOut<Index>(
  start: MeasuredSet<Index>,
  chooser: Chooser<Index>,
): Promise<Choice<Index> & { readonly judged: readonly JudgedChoice<Index>[] }> {
  let set = start;
  const refused: JudgedChoice<Index>[] = [];
  const judged = new Map<Index, JudgedChoice<Index>>();
  for (let index = nextOf(set, judged); index !== undefined; index = nextOf(set, judged)) {
    const { choice, without } = await leaveOut(index, set, chooser);
    if (choice.judgement.accepted) {
      judged.set(index, choice);
      continue;
    }
    refused.push(choice);
    set = { indexes: choice.beside, measurement: without };
    for (const other of judged.keys()) if (chooser.related(other, index)) judged.delete(other);
  }
  return { set, refused, judged: set.indexes.map((index) => judged.get(index) as JudgedChoice<Index>) };
}

/** An index that another has taken the place of; costs are those of the whole workload, in blocks. */
export interface Replaced<Index> {
  readonly index: Index;
  readonly by: Index;
  readonly cost: number;
  readonly costInItsPlace: number;
}

/**
 * Tries each of `others` in place of each index it is like, and keeps it where the whole workload then costs less. Taking
 * the best one first can end in two indexes that a third would have served alone; leave each out again afterwards.
 */
export async function exchangeIndexes<Index>(
  start: MeasuredSet<Index>,
  others: readonly Index[],
  { measure, judge, alike }: Chooser<Index>,
): Promise<{ readonly set: MeasuredSet<Index>; readonly replaced: readonly Replaced<Index>[] }> {
  let set = start;
  const replaced: Replaced<Index>[] = [];
  for (const other of others) {
    for (const index of set.indexes.filter((one) => alike(one, other))) {
      const beside = set.indexes.filter((one) => one !== index);
      const measurement = await measure([...beside, other]);
      if (wholeCost(measurement) >= wholeCost(set.measurement)) continue;
      if (!judge(other, await measure(beside), measurement).accepted) continue;
      replaced.push({
        index,
        by: other,
        cost: wholeCost(set.measurement),
        costInItsPlace: wholeCost(measurement),
      });
      set = { indexes: [...beside, other], measurement };
      break;
    }
  }
  return { set, replaced };
}

/** Leaves each index out once and removes none. */
export async function judgeEach<Index>(
  set: MeasuredSet<Index>,
  chooser: Chooser<Index>,
): Promise<JudgedChoice<Index>[]> {
  const judged: JudgedChoice<Index>[] = [];
  for (const index of set.indexes) judged.push((await leaveOut(index, set, chooser)).choice);
  return judged;
}

/** Indexes were added best first, so the last is the least useful. */
function nextOf<Index>(
  { indexes }: MeasuredSet<Index>,
  judged: ReadonlyMap<Index, unknown>,
): Index | undefined {
  return indexes.findLast((index) => !judged.has(index));
}

async function leaveOut<Index>(
  index: Index,
  { indexes, measurement }: MeasuredSet<Index>,
  { measure, judge }: Chooser<Index>,
): Promise<{ choice: JudgedChoice<Index>; without: Measurement }> {
  const beside = indexes.filter((one) => one !== index);
  const without = await measure(beside);
  return { choice: { index, judgement: judge(index, without, measurement), beside }, without };
}

function choiceOf<Index>({ index, judgement, beside }: JudgedChoice<Index>): JudgedChoice<Index> {
  return { index, judgement, beside };
}
