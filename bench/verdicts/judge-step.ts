import { isFalseAlarm, ledgerEntry } from '../../harness/experiment/false-alarms.ts';
import type { Comparison, CountDifference, ExperimentRecord } from '../../harness/experiment-record.ts';
import type { RunRecord } from '../../harness/result.ts';
import { DROPPED_INDEX, type Step } from './steps.ts';

/** What a step's experiment said, held against what is known to be true. */
export interface StepJudgement {
  readonly met: boolean;
  /** In a few words, with the numbers. */
  readonly said: string;
}

/** @param probed a counted run of the candidate: how many bookings were offered, how many assigned */
export function judgeStep(step: Step, experiment: ExperimentRecord, probed: RunRecord): StepJudgement {
  const comparison = experiment.comparisons[0];
  if (!comparison || comparison.refusals.length > 0) {
    return { met: false, said: `not comparable: ${comparison?.refusals.join('; ') ?? 'no comparison'}` };
  }
  switch (step.kind) {
    case 'same':
      return judgeSame(experiment, comparison);
    case 'slower-10':
    case 'slower-5':
      return { met: ['regressed', 'slower'].includes(comparison.verdict), said: gateWords(comparison) };
    default:
      return judgeCounts(step, comparison, probed);
  }
}

function judgeSame(experiment: ExperimentRecord, comparison: Comparison): StepJudgement {
  const entry = ledgerEntry(experiment, comparison, { at: '', machine: '', commit: null });
  return { met: !isFalseAlarm(entry), said: gateWords(comparison) };
}

/** "equivalent · dispatch time +0.4 % [−0.3, +1.0], CPU time per dispatch … · 10 pairs" */
function gateWords(comparison: Comparison): string {
  const percent = (ratio: number | null) => {
    if (ratio === null) return 'none';
    const value = (ratio - 1) * 100;
    return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
  };
  const gate = comparison.timings.filter((timing) => timing.role === 'gate');
  const metrics = gate.map(
    (one) =>
      `${one.metric} ${percent(one.ratio)} % [${percent(one.low)}, ${percent(one.high)}] ${one.verdict}`,
  );
  const confirmation = comparison.confirmation
    ? [comparison.confirmation.agreed ? 'confirmed' : 'not confirmed by the second experiment']
    : [];
  return [comparison.verdict, ...metrics, `${gate[0]?.pairs ?? 0} pairs`, ...confirmation].join(' · ');
}

function judgeCounts(step: Step, { differences }: Comparison, probed: RunRecord): StepJudgement {
  const dispatches = probed.probe?.dispatches ?? [];
  const mean = (of: (one: (typeof dispatches)[number]) => number) =>
    dispatches.reduce((sum, one) => sum + of(one), 0) / Math.max(1, dispatches.length);
  const [offered, assigned] = [mean((one) => one.offered), mean((one) => one.assigned)];
  const kinds = (kind: CountDifference['kind']) => differences.filter((one) => one.kind === kind);
  const said = differences.map((one) => one.sentence).join(' | ');
  switch (step.kind) {
    case 'dropped-index': {
      // One index was dropped, so one is named and nothing besides it.
      const [only, ...more] = differences;
      return {
        met: only?.kind === 'index-missing' && only.subject === DROPPED_INDEX && more.length === 0,
        said,
      };
    }
    case 'n-plus-one': {
      // Clients and earlier assignments are asked for once a booking offered (target/README.md: 2n of 2 + 2n + 2d).
      const perBooking = kinds('query-per-row').filter(
        (one) => one.candidate === offered && one.baseline === 0,
      );
      const others = kinds('commit-per-row').length + kinds('write-per-row').length;
      return { met: perBooking.length === 2 && others === 0, said };
    }
    default: {
      // Each assignment has a transaction of its own: an INSERT, an UPDATE and a COMMIT.
      const commits = kinds('commit-per-row').filter((one) => one.candidate === assigned);
      const writes = kinds('write-per-row').filter((one) => one.candidate === assigned);
      return { met: commits.length === 1 && writes.length >= 1 && kinds('query-per-row').length === 0, said };
    }
  }
}
