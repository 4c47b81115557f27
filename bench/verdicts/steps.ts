/** What `npm run verify:verdicts` runs: real experiments whose right answer is known. Pure. */

export type StepKind = 'same' | 'slower-10' | 'slower-5' | 'dropped-index' | 'n-plus-one' | 'commit-per-row';

export interface Step {
  /** Names the step in the ledger: one that is there is not run again. */
  readonly key: string;
  readonly kind: StepKind;
  readonly scenario: 'smoke' | 'load';
  /** After `rushhour experiment`. */
  readonly args: readonly string[];
  /** Key of the A/A with the same slots and the labels exchanged. */
  readonly mirrors: string | null;
}

/** Rounds of about a second instead of four: noisier pairs, and more experiments an hour. */
const ROUND: Readonly<Record<Step['scenario'], readonly string[]>> = {
  smoke: ['smoke', '--companies', '8', '--days', '30', '--dispatches', '40', '--probes', '1'],
  load: ['load', '--dispatches', '30', '--probes', '1'],
};

const SAME = ['--variants', 'optimised,optimised'];

export const SLOWED_EACH = 10;
export const SAME_PAIRS = 30;
export const DROPPED_INDEX = 'assignment_driver_created_idx';

/** One in five is on the larger dataset, which takes longer. */
function scenarioOf(index: number): Step['scenario'] {
  return index % 5 === 1 ? 'load' : 'smoke';
}

function sameSteps(index: number): Step[] {
  const scenario = scenarioOf(index);
  const key = `same-${String(index + 1).padStart(2, '0')}`;
  const args = [...ROUND[scenario], ...SAME, '--order-seed', String(4_000 + index)];
  return [
    { key, kind: 'same', scenario, args, mirrors: null },
    { key: `${key}-swapped`, kind: 'same', scenario, args: [...args, '--swap'], mirrors: key },
  ];
}

function slowedStep(index: number, percent: 5 | 10): Step {
  const scenario = scenarioOf(index);
  return {
    key: `slower-${percent}-${String(index + 1).padStart(2, '0')}`,
    kind: percent === 5 ? 'slower-5' : 'slower-10',
    scenario,
    args: [
      ...ROUND[scenario],
      ...SAME,
      '--inject-slowdown',
      `${percent}%`,
      '--order-seed',
      String(7_000 + 10 * percent + index),
    ],
    mirrors: null,
  };
}

function countStep(kind: StepKind, ...args: string[]): Step {
  return { key: kind, kind, scenario: 'load', args: ['load', '--mode', 'count', ...args], mirrors: null };
}

/** Counts first, then equal and slowed services in turn, so that a run that is cut short has some of everything. */
export function verificationSteps(): Step[] {
  const counts = [
    countStep('dropped-index', ...SAME, '--drop-index', DROPPED_INDEX),
    countStep('n-plus-one', '--variants', 'optimised,indexes+bulk-apply'),
    countStep('commit-per-row', '--variants', 'optimised,indexes+eager-loading'),
  ];
  const timed = Array.from({ length: SAME_PAIRS }, (_, index) => [
    ...(index < SLOWED_EACH ? [slowedStep(index, 10), slowedStep(index, 5)] : []),
    ...sameSteps(index),
  ]);
  return [...counts, ...timed.flat()];
}
