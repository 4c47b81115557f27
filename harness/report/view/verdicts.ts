import type { Comparison, ExperimentRecord } from '../../experiment-record.ts';
import { countOf } from '../../quantity.ts';
import type { RunRecord } from '../../result.ts';
import { exactLine } from '../exact-line.ts';
import { decisiveGate, gateTimings, tooNoisyTimings } from '../gate.ts';
import { gateRows } from '../gate-table.ts';
import { machineLine, timeText } from '../machine-line.ts';
import { type ExperimentInput, mainComparison, plannedPairs } from '../report-input.ts';
import { capitalised, detectableText, verdictSentence } from '../verdict-sentence.ts';
import { comparisonLook, isRefused, NO_VERDICT, neededPairs, type VerdictLook } from '../verdict-words.ts';
import { type Table, table } from './blocks.ts';
import { changesText } from './on-purpose.ts';
import { thresholdVerdict } from './thresholds.ts';

/** A verdict and, in the order of reading, what it rests on. */
export interface VerdictView {
  look: VerdictLook;
  title: string;
  sentence: string;
  /** What the verdict rests on, or why there is none. */
  basis: string;
  /** Counts, power, what was too noisy, how far this machine can be trusted: one sentence each. */
  remarks: readonly string[];
  /** The metrics that decide; `null` where none was measured. */
  gate: Table | null;
  /** The second experiment, its folder relative to this one's; `null` where there was none. */
  confirmation: { text: string; folder: string } | null;
}

export function runVerdict(run: RunRecord): VerdictView[] {
  const verdict = thresholdVerdict(run);
  if (verdict === null) return [];
  return [
    {
      ...verdict,
      title: `thresholds of ${run.scenario}`,
      basis: 'A run alone is judged by its thresholds; a change is judged by an experiment.',
      remarks: [],
      gate: null,
      confirmation: null,
    },
  ];
}

/** The main comparison first; only it says what holds for the whole experiment. */
export function experimentVerdicts(input: ExperimentInput): VerdictView[] {
  const main = mainComparison(input);
  if (main === null) return [];
  const others = input.experiment.comparisons.filter((comparison) => comparison !== main);
  const { remarks, ...first } = verdictView(main, input.experiment);
  const whole = [machineLine(input), timeText(input.experiment)].map(capitalised);
  return [
    { ...first, remarks: [...remarks, ...whole] },
    ...others.map((comparison) => verdictView(comparison, input.experiment)),
  ];
}

function verdictView(comparison: Comparison, experiment: ExperimentRecord): VerdictView {
  const { state } = experiment;
  const look = comparisonLook(comparison, state);
  const { confirmation } = comparison;
  return {
    look,
    title: `${comparison.candidate} against ${comparison.baseline}`,
    sentence: `${capitalised(verdictSentence(comparison, state))}.`,
    basis: look === NO_VERDICT ? withoutVerdict(comparison, experiment) : basisOf(comparison, look),
    remarks: remarksOf(comparison, experiment),
    gate: isRefused(comparison) ? null : gateTable(comparison, state),
    confirmation:
      confirmation === null ? null : { text: 'Report of the second experiment', folder: confirmation.folder },
  };
}

function withoutVerdict(comparison: Comparison, { state, plan }: ExperimentRecord): string {
  const gates = gateTimings(comparison);
  const pairs = Math.max(0, ...gates.map((gate) => gate.pairs));
  if (gates.length === 0) {
    return state === 'complete'
      ? 'No metric that decides was measured. The numbers below are what was.'
      : 'The experiment broke off before a metric that decides was measured on both sides.';
  }
  if (state !== 'complete') {
    return `The experiment broke off after ${pairs} of ${countOf(plannedPairs(plan, 'pair'), 'pair')}: its numbers are shown, but no verdict is drawn from them.`;
  }
  return `${countOf(pairs, 'pair')}: an interval, and with it a verdict, needs at least ${neededPairs(plan)}. The numbers below are what was measured.`;
}

function basisOf(comparison: Comparison, look: VerdictLook): string {
  if (isRefused(comparison)) return look.meaning;
  const gates = gateTimings(comparison);
  if (gates.length === 0) return 'Decided by the exact counts; no time was measured to decide by.';
  return `Decided by ${gates.map(({ metric, reason }) => `${metric}: ${reason}`).join('; ')}.`;
}

function remarksOf(comparison: Comparison, experiment: ExperimentRecord): string[] {
  const counts = exactLine(comparison);
  const gate = isRefused(comparison) ? null : decisiveGate(comparison);
  const power = gate === null ? null : detectableText(gate);
  const noisy = isRefused(comparison) ? [] : tooNoisyTimings(comparison).map(({ metric }) => metric);
  return [
    ...changesText(experiment.plan.arms.filter(({ name }) => name === comparison.candidate)),
    ...(counts === null ? [] : [`Exact: ${counts}`]),
    ...(power === null || gate === null ? [] : [`${capitalised(gate.metric)}: these pairs ${power}.`]),
    ...(noisy.length === 0 ? [] : [`Too noisy to judge: ${noisy.join(', ')}.`]),
  ];
}

function gateTable(comparison: Comparison, state: ExperimentRecord['state']): Table | null {
  return table(
    'What decides',
    ['Metric', 'Verdict', comparison.baseline, comparison.candidate, 'Change', 'Interval', 'Band'],
    gateRows(comparison, state).map((row) => [
      row.metric,
      { kind: 'verdict', look: row.look, note: null },
      row.baseline,
      row.candidate,
      row.change,
      row.interval,
      row.band,
    ]),
    { numericFrom: 2 },
  );
}
