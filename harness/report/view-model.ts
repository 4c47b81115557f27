import type { Comparison, ExperimentRecord } from '../experiment-record.ts';
import { countOf, formatInstant } from '../quantity.ts';
import type { RunRecord } from '../result.ts';
import { MINIMUM_PAIRS } from '../statistics/verdict.ts';
import { type ChartSet, chartSet } from './chart-set.ts';
import { type VariantStyle, variantStyles } from './charts/palette.ts';
import { incompleteText, pairsOf, verdictSentence } from './headline.ts';
import { type KeyFigure, keyFigures } from './key-figures.ts';
import { mainComparison, plannedPairs, type ReportInput, recordOf } from './report-input.ts';
import { comparisonLook, NO_VERDICT, type VerdictLook } from './verdict-words.ts';
import type { Block, Section } from './view/blocks.ts';
import { numbersSection } from './view/numbers.ts';
import { environmentSection, reproduceSection } from './view/origin.ts';
import { thresholdVerdict } from './view/thresholds.ts';
import { validitySection } from './view/validity.ts';
import { whySection } from './view/why.ts';

/** What a reader sees, in the order of reading. HTML and Markdown only draw it. */
export interface ReportView {
  title: string;
  /** What it is and when it was measured. */
  subtitle: string;
  /** "Incomplete: …"; `null` for a complete result. */
  incomplete: string | null;
  verdicts: VerdictView[];
  figures: KeyFigure[];
  sections: Section[];
  styles: ReadonlyMap<string, VariantStyle>;
}

export interface VerdictView {
  look: VerdictLook;
  title: string;
  sentence: string;
  /** What the verdict rests on, or why there is none. */
  basis: string;
}

/** @param charts drawn from the same input, default: all of them */
export function reportView(input: ReportInput, charts: ChartSet = chartSet(input)): ReportView {
  const record = recordOf(input);
  const variants = input.kind === 'run' ? [input.run.variant] : input.experiment.variants;
  return {
    title: titleOf(input),
    subtitle: `${input.kind === 'run' ? 'Run' : 'Experiment'} · scenario ${record.scenario} · ${formatInstant(record.startedAt)} · ${record.id}`,
    incomplete: incompleteText(input),
    verdicts: input.kind === 'run' ? runVerdict(input.run) : verdictViews(input),
    figures: keyFigures(input),
    sections: [
      whySection(input, charts),
      chartSection('load', 'Under load', charts.load, missingLoad(input)),
      ...(input.kind === 'run'
        ? []
        : [
            chartSection(
              'certainty',
              'How sure is it?',
              charts.certainty,
              missingComparison(input.experiment),
            ),
          ]),
      numbersSection(input),
      validitySection(input),
      environmentSection(input),
      reproduceSection(input),
    ],
    styles: variantStyles(variants),
  };
}

/** Every chart the view shows, in its order. */
export function chartsOf(view: ReportView) {
  return view.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === 'chart' ? [block.chart] : [])),
  );
}

function titleOf(input: ReportInput): string {
  if (input.kind === 'run') return `${input.run.variant} under ${input.run.scenario}`;
  const [baseline, ...candidates] = input.experiment.variants;
  if (candidates.length === 0) return `${baseline ?? 'No variant'} under ${input.experiment.scenario}`;
  return `${candidates.length === 1 ? candidates[0] : `${candidates.length} variants`} against ${baseline}`;
}

function runVerdict(run: RunRecord): VerdictView[] {
  const verdict = thresholdVerdict(run);
  if (verdict === null) return [];
  const title = `thresholds of ${run.scenario}`;
  return [
    {
      ...verdict,
      title,
      basis: 'A run alone is judged by its thresholds; a change is judged by an experiment.',
    },
  ];
}

function verdictViews(input: Extract<ReportInput, { kind: 'experiment' }>): VerdictView[] {
  const main = mainComparison(input);
  const others = input.experiment.comparisons.filter((comparison) => comparison !== main);
  return (main === null ? [] : [main, ...others]).map((comparison) =>
    verdictView(comparison, input.experiment),
  );
}

function verdictView(comparison: Comparison, { state, plan }: ExperimentRecord): VerdictView {
  const look = comparisonLook(comparison, state);
  return {
    look,
    title: `${comparison.candidate} against ${comparison.baseline}`,
    sentence: verdictSentence(comparison),
    basis:
      look === NO_VERDICT ? withoutVerdict(comparison, state, plannedPairs(plan)) : basisOf(comparison, look),
  };
}

function withoutVerdict(comparison: Comparison, state: ExperimentRecord['state'], planned: number): string {
  const pairs = pairsOf(comparison);
  if (pairs === 0) return 'No pair was measured on both sides, so there is nothing to judge.';
  if (state !== 'complete') {
    return `The experiment broke off after ${pairs} of ${countOf(planned, 'pair')}: its numbers are shown, but no verdict is drawn from them.`;
  }
  return pairs < MINIMUM_PAIRS
    ? `${countOf(pairs, 'pair')}: an interval, and with it a verdict, needs at least ${MINIMUM_PAIRS}. The numbers below are what was measured.`
    : 'No metric that decides was measured. The numbers below are what was.';
}

function basisOf(comparison: Comparison, look: VerdictLook): string {
  if (comparison.refusals.length > 0) return look.meaning;
  const gates = comparison.timings.filter(({ role }) => role === 'gate');
  const said = gates.map(({ metric, reason }) => `${metric}: ${reason}`);
  return `Decided by ${said.join('; ')}. ${countOf(pairsOf(comparison), 'pair')}.`;
}

function chartSection(
  id: string,
  heading: string,
  charts: readonly ChartSet['load'][number][],
  missing: string,
): Section {
  const drawn: Block[] = charts.map((chart) => ({ kind: 'chart', chart }));
  return { id, heading, lead: null, blocks: drawn.length > 0 ? drawn : [{ kind: 'missing', text: missing }] };
}

function missingLoad(input: ReportInput): string {
  const runs = input.kind === 'run' ? [input.run] : input.runs.map(({ run }) => run);
  if (runs.length === 0) return 'Not measured: no run was completed.';
  const [skipped] = runs.flatMap((run) => run.skippedLoads);
  return skipped === undefined
    ? 'Not measured: no load was part of the plan.'
    : `Not measured: ${skipped.generator} was skipped, ${skipped.reason}`;
}

function missingComparison({ runs, state }: ExperimentRecord): string {
  if (runs.length === 0) return 'Nothing to compare: no run was completed.';
  return state === 'complete'
    ? 'Nothing to compare: no time was measured on both sides of a pair.'
    : 'Nothing to compare: the experiment broke off before a pair was whole.';
}
