import { repeatedCalls, type SavedCalls, savedCalls, waitPerCallMs } from './calls-at-size.ts';
import type { Finding, FindingCost, FindingKind, GrowthNote } from './finding.ts';
import { findingSentence, noteSentence } from './finding-words.ts';
import type { GrowthSample } from './growth-sample.ts';
import type { Judgement, Sizes } from './judgement.ts';
import { isMostlyRepeated } from './repeated-parameters.ts';
import { isLoop, isRowByRowWrite, transactionLoops } from './row-by-row.ts';
import { sortOf } from './statement-sort.ts';
import { suggestShape } from './suggest-shape.ts';

/** The sizes of the user's own work, by unit: `{ dispatch: { bookings: 100, drivers: 50 } }`. */
export type UserSizes = Readonly<Record<string, Sizes>>;

export interface FindingsOptions {
  /** What the cost is told for; without a size of theirs it is the largest that was measured. */
  readonly sizes: UserSizes;
  /** Samples of the user's own size and data, where a call waits as long as it does for them. */
  readonly priced?: readonly GrowthSample[];
}

/** Milliseconds that a call of the statement waits; null where it was not measured. */
type CallWait = (judgement: Judgement) => number | null;

/**
 * What is worth a change, the costliest first. The parser must have been loaded: the suggested shapes are made of the
 * statements' own names.
 *
 * @param judgements of `judgeGrowth` on the same samples
 */
export function findingsOf(
  samples: readonly GrowthSample[],
  judgements: readonly Judgement[],
  { sizes, priced = [] }: FindingsOptions,
): Finding[] {
  const callWaitOf: CallWait = (judgement) =>
    waitPerCallMs(judgement, priced) ?? waitPerCallMs(judgement, samples);
  const units = [...new Set(judgements.map(({ unit }) => unit))];
  const findings = judgements.flatMap((judgement) => {
    const { unit } = judgement;
    const user = sizes[unit] ?? {};
    const kind = loopKind(judgement, samples);
    const loop =
      kind === null ? [] : [statementFinding(kind, judgement, savedCalls(judgement, user), callWaitOf)];
    const again = isRepeated(judgement, priced)
      ? [statementFinding('redundant-query', judgement, repeatedCalls(judgement, user), callWaitOf)]
      : [];
    return [...loop, ...again];
  });
  const transactions = units.flatMap((unit) => transactionFindings(unit, { callWaitOf, judgements, sizes }));
  return [...findings, ...transactions].toSorted(
    (a, b) => (b.cost.totalMs ?? -1) - (a.cost.totalMs ?? -1) || b.cost.calls - a.cost.calls,
  );
}

/** Statements without a finding of which there is something to say: batches are in order, doubts are told. */
export function growthNotes(judgements: readonly Judgement[]): GrowthNote[] {
  const told: readonly string[] = ['batched', 'erratic', 'irregular', 'not-established'];
  return judgements
    .filter(({ verdict }) => told.includes(verdict))
    .map((judgement) => ({
      unit: judgement.unit,
      statement: judgement.statement,
      verdict: judgement.verdict,
      reason: judgement.reason,
      sentence: noteSentence(judgement),
    }));
}

function loopKind(judgement: Judgement, samples: readonly GrowthSample[]): FindingKind | null {
  const { statement, verdict } = judgement;
  if (statement === null || !isLoop(judgement)) return null;
  const sort = sortOf(statement);
  if (sort === 'transaction' || sort === 'savepoint') return null;
  if (isRowByRowWrite(judgement, samples)) return 'row-by-row-write';
  return verdict === 'superlinear' ? 'n-times-m' : 'n-plus-one';
}

/**
 * A count that is not sure of its repeats proves nothing about what is in them. Small datasets have few parents to ask for:
 * what is not repeated on the user's own data is no finding.
 */
function isRepeated(
  { repeated, verdict, unit, statement }: Judgement,
  priced: readonly GrowthSample[],
): boolean {
  if (repeated === null || verdict === 'erratic' || verdict === 'not-established') return false;
  const own = priced
    .filter((sample) => sample.unit === unit)
    .flatMap(({ statements }) => statements.filter((use) => use.statement === statement));
  return own.every(
    ({ calls, distinctParameters }) =>
      distinctParameters === null || isMostlyRepeated(calls, distinctParameters),
  );
}

function statementFinding(
  kind: FindingKind,
  judgement: Judgement,
  saved: SavedCalls,
  callWaitOf: CallWait,
): Finding {
  return findingFrom(kind, judgement, costOf(saved, callWaitOf(judgement)));
}

function costOf(saved: SavedCalls, waitMs: number | null): FindingCost {
  return { ...saved, waitPerCallMs: waitMs, totalMs: waitMs === null ? null : saved.calls * waitMs };
}

function findingFrom(kind: FindingKind, judgement: Judgement, cost: FindingCost): Finding {
  const { unit, statement, verdict, dimension, alsoFits, fit, plateau, repeatsAgree, points } = judgement;
  return {
    kind,
    unit,
    statement,
    verdict,
    dimension,
    alsoFits,
    slope: fit?.terms[0]?.slope ?? null,
    intercept: fit?.intercept ?? null,
    r2: fit?.r2 ?? null,
    fit,
    plateau,
    repeatsAgree,
    points,
    cost,
    suggestion: suggestShape(kind, statement, dimension),
    sentence: findingSentence(kind, judgement, cost),
  };
}

interface Evidence {
  readonly callWaitOf: CallWait;
  readonly judgements: readonly Judgement[];
  readonly sizes: UserSizes;
}

/**
 * Commits for each row with the BEGIN and COMMIT around them, or transactions for each row that write nothing. The time of
 * a commit outside of a transaction is part of its statement's wait and cannot be told apart.
 */
function transactionFindings(unit: string, { callWaitOf, judgements, sizes }: Evidence): Finding[] {
  const { commits, control, savepoints } = transactionLoops(unit, judgements);
  const user = sizes[unit] ?? {};
  const around = (kind: FindingKind, lead: Judgement | undefined | null, members: readonly Judgement[]) =>
    lead === undefined || lead === null
      ? []
      : [findingFrom(kind, lead, costOf(savedCalls(lead, user), waitOfAll(members, callWaitOf)))];
  const explicit = control.find(({ statement }) => /^(?:COMMIT|END)\b/i.test(statement ?? ''));
  const lead =
    commits === null || explicit === undefined ? commits : { ...commits, statement: explicit.statement };
  return [
    ...around('commit-per-row', lead, control),
    ...(commits === null ? around('transaction-per-row', explicit ?? control[0], control) : []),
    ...around('transaction-per-row', savepoints[0], savepoints),
  ];
}

/** One of each statement, in milliseconds; null when the wait of one of them is not known. */
function waitOfAll(members: readonly Judgement[], callWaitOf: CallWait): number | null {
  const waits = members.map(callWaitOf);
  if (waits.length === 0 || waits.includes(null)) return null;
  return waits.reduce<number>((sum, wait) => sum + (wait ?? 0), 0);
}
