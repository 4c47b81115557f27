import type { NightCounter, NightRecord, NightScenario, StoredCounters } from '../night-record.ts';

/** What of a night's scenario its exact counters are compared by. */
export type CountedScenario = Pick<
  NightScenario,
  'scenario' | 'datasetDigest' | 'postgres' | 'counters' | 'refusals'
>;

/** Which night it is of. */
export interface CountedNight {
  readonly target: string;
  readonly branch: string | null;
}

/** Where a branch that was never measured begins, in this order. */
const MAIN_BRANCHES: readonly (string | null)[] = ['main', 'master', 'trunk', null];

/** Bytes of WAL that values of one statement may differ by: a later clock time may be stored longer. See `count-differences.ts`. */
const WAL_BYTES_OF_VALUES = 8;

/**
 * Exact counters of the candidate against the newest earlier night that had equal rows, an equal server and the same target: of the same
 * branch, else of the main one. Counters whose repeats disagree, on either side, say nothing. Pure.
 *
 * @param earlier nights before this one, oldest first; of other targets and branches too
 */
export function compareWithStored(
  scenario: CountedScenario,
  earlier: readonly NightRecord[],
  { target, branch }: CountedNight,
): StoredCounters {
  const counted = earlier
    .filter((night) => night.target === target)
    .flatMap((night) => countedIn(night, scenario));
  const candidates = ofBranch(counted, branch);
  const newest = candidates.at(-1);
  if (!newest) return { state: 'first', night: null, reason: null, changes: [] };
  const unusable = unusableWords(scenario);
  if (unusable !== null) return rebaselined(newest, unusable);
  const match = candidates.findLast((one) => keyDifferences(one.scenario, scenario).length === 0);
  if (!match) return rebaselined(newest, keyDifferences(newest.scenario, scenario).join('; '));
  const changes = changesBetween(match.scenario.counters, scenario.counters);
  return {
    state: changes.length === 0 ? 'same' : 'changed',
    night: match.night.id,
    reason: null,
    changes,
  };
}

interface Counted {
  readonly night: NightRecord;
  readonly scenario: NightScenario;
}

function countedIn(night: NightRecord, { scenario: name }: CountedScenario): Counted[] {
  const scenario = night.scenarios.find((one) => one.scenario === name);
  return scenario && unusableWords(scenario) === null ? [{ night, scenario }] : [];
}

/** Of the night's own branch; of the main one where that has none. */
function ofBranch(counted: readonly Counted[], branch: string | null): readonly Counted[] {
  for (const name of [branch, ...MAIN_BRANCHES]) {
    const own = counted.filter(({ night }) => night.branch === name);
    if (own.length > 0) return own;
  }
  return [];
}

/** Why no counter of it may be compared; `null` when they may. */
function unusableWords({ datasetDigest, postgres, counters, refusals }: CountedScenario): string | null {
  if (datasetDigest === null) return 'the rows of this night are not known';
  if (postgres === null) return 'the PostgreSQL of this night is not known';
  if (refusals.length > 0) return `this night's two sides may not be compared: ${refusals.join('; ')}`;
  return exactOf(counters).length === 0 ? 'no counter of this night repeated itself exactly' : null;
}

function keyDifferences(before: CountedScenario, now: CountedScenario): string[] {
  return [
    ...differing('the dataset', before.datasetDigest?.slice(0, 12), now.datasetDigest?.slice(0, 12)),
    ...differing('the major version of PostgreSQL', majorVersion(before), majorVersion(now)),
    ...differing('the PostgreSQL configuration', before.postgres?.settingsHash, now.postgres?.settingsHash),
  ];
}

function majorVersion({ postgres }: CountedScenario): string | undefined {
  return postgres?.version.split('.')[0];
}

function differing(what: string, before: string | undefined, now: string | undefined): string[] {
  return before === now ? [] : [`${what} is another: ${before} before, ${now} now`];
}

function rebaselined({ night }: Counted, reason: string): StoredCounters {
  return { state: 'rebaselined', night: night.id, reason, changes: [] };
}

function exactOf(counters: readonly NightCounter[]): NightCounter[] {
  return counters.filter(({ repeatsAgree }) => repeatsAgree);
}

function changesBetween(
  before: readonly NightCounter[],
  now: readonly NightCounter[],
): StoredCounters['changes'] {
  const changes = exactOf(now).flatMap(({ metric, unit, candidate }) => {
    const earlier = exactOf(before).find((one) => one.metric === metric);
    return !earlier || earlier.candidate === candidate
      ? []
      : [{ metric, unit, before: earlier.candidate, now: candidate }];
  });
  const [only] = changes;
  return changes.length === 1 && only?.unit === 'bytes' && isOfValues(only, now) ? [] : changes;
}

/** WAL alone that moved by no more than the values written can explain. */
function isOfValues(
  { before, now }: { before: number; now: number },
  counters: readonly NightCounter[],
): boolean {
  const statements = counters.find(({ unit }) => unit === 'statements')?.candidate ?? 0;
  return Math.abs(now - before) <= WAL_BYTES_OF_VALUES * statements;
}
