import type { ExperimentRecord } from '../experiment-record.ts';
import { formatInstant } from '../quantity.ts';
import { type ChartSet, chartSet } from './chart-set.ts';
import type { Chart } from './charts/chart.ts';
import { type VariantStyle, variantStyles } from './charts/palette.ts';
import { incompleteText } from './incomplete.ts';
import type { KeyFigure } from './key-figure.ts';
import { keyFigures } from './key-figures.ts';
import { allRuns, type ExperimentInput, type ReportInput, recordOf } from './report-input.ts';
import type { SitePlace } from './site-rooms.ts';
import { type Block, blocks, type Section } from './view/blocks.ts';
import { countsSection } from './view/counts.ts';
import { noisyTable } from './view/noisy.ts';
import { numbersSection } from './view/numbers.ts';
import { environmentSection } from './view/origin.ts';
import { reproduceSection } from './view/reproduce.ts';
import { validitySection } from './view/validity.ts';
import { experimentVerdicts, runVerdict, type VerdictView } from './view/verdicts.ts';
import { whySection } from './view/why.ts';

/** What a reader sees, in the order of reading. HTML and Markdown only draw it. */
export interface ReportView {
  place: SitePlace;
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

/** @param charts drawn from the same input, default: all of them */
export function reportView(input: ReportInput, charts: ChartSet = chartSet(input)): ReportView {
  const record = recordOf(input);
  const variants = input.kind === 'run' ? [input.run.variant] : input.experiment.variants;
  return {
    place: { id: record.id, isComparable: true },
    title: titleOf(input),
    subtitle: `${input.kind === 'run' ? 'Run' : 'Experiment'} · scenario ${record.scenario} · ${formatInstant(record.startedAt)} · ${record.id}`,
    incomplete: incompleteText(input),
    verdicts: input.kind === 'run' ? runVerdict(input.run) : experimentVerdicts(input),
    figures: keyFigures(input),
    sections: [
      ...(input.kind === 'run' ? [] : [countsSection(input, charts.counts)]),
      whySection(input, charts.why),
      ...(input.kind === 'run' ? [] : [dispatchSection(input, charts)]),
      chartSection('load', 'Under load', charts.load, missingLoad(input)),
      ...(input.kind === 'run' ? [] : [certaintySection(input, charts)]),
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

function chartSection(
  id: string,
  heading: string,
  charts: readonly Chart[],
  missing: string,
  more: readonly Block[] = [],
): Section {
  const drawn: Block[] = charts.map((chart) => ({ kind: 'chart', chart }));
  const found = [...drawn, ...more];
  return { id, heading, lead: null, blocks: found.length > 0 ? found : [{ kind: 'missing', text: missing }] };
}

function dispatchSection(input: ExperimentInput, charts: ChartSet): Section {
  const missing = input.experiment.plan.parts.includes('pair')
    ? 'Not measured: no pair of alternating slices was completed.'
    : 'Not measured: no alternating slices were part of the plan.';
  return chartSection('dispatches', 'Dispatch by dispatch', charts.dispatches, missing);
}

function certaintySection(input: ExperimentInput, charts: ChartSet): Section {
  const { experiment } = input;
  const noisy = experiment.comparisons.map(noisyTable);
  return chartSection(
    'certainty',
    'How sure is it?',
    charts.certainty,
    missingComparison(experiment),
    blocks(...noisy),
  );
}

function missingLoad(input: ReportInput): string {
  const runs = allRuns(input).map(({ run }) => run);
  if (runs.length === 0) return 'Not measured: no run was completed.';
  const [skipped] = runs.flatMap((run) => run.skippedLoads);
  if (skipped !== undefined) return `Not measured: ${skipped.generator} was skipped, ${skipped.reason}`;
  return input.kind === 'experiment' && input.experiment.plan.parts.includes('load')
    ? 'Not measured: no load was completed.'
    : 'Not measured: no load was part of the plan.';
}

function missingComparison({ runs, state, plan }: ExperimentRecord): string {
  if (runs.length === 0) return 'Nothing to compare: no run was completed.';
  if (state !== 'complete') return 'Nothing to compare: the experiment broke off before a pair was whole.';
  return plan.parts.every((part) => part === 'count')
    ? 'Not measured: counts are exact and need no interval; no time was part of the plan.'
    : 'Nothing to compare: no time was measured on both sides of a pair.';
}
