import { formatChange, formatChangeInterval } from '../change.ts';
import type { Comparison, TimingComparison } from '../experiment-record.ts';
import { formatInUnit } from '../quantity.ts';
import { levelText } from './charts/changes-forest.ts';
import { P95_FROM_REQUESTS } from './charts/latency-finding.ts';
import { type DispatchSummary, dispatchSummary } from './dispatch-summary.ts';
import {
  endpointSummaries,
  type GeneratorName,
  generatorsOf,
  loadsBy,
  phaseSummaries,
} from './load-summary.ts';
import {
  mainComparison,
  mainVariants,
  type ReportInput,
  type VariantRuns,
  variantRuns,
} from './report-input.ts';

/** A number a reader came for: before, after, and how sure. */
export interface KeyFigure {
  label: string;
  /** Of the baseline; `null` for a run alone or where it was not measured. */
  before: string | null;
  /** `null` where it was not measured; `missing` says why. */
  after: string | null;
  change: string | null;
  /** "96.9 % interval: 47× to 51× faster"; `null` when there is none. */
  interval: string | null;
  missing: string | null;
}

const NO_RUN = 'no run was completed';

/** The figures of a report, in the order a reader asks for them. */
export function keyFigures(input: ReportInput): KeyFigure[] {
  const sides = sidesOf(input);
  return [...dispatchFigures(sides), ...latencyFigures(sides), ...saturationFigures(sides)];
}

interface Sides {
  before: VariantRuns | null;
  after: VariantRuns;
  comparison: Comparison | null;
  skipped: string | null;
}

function sidesOf(input: ReportInput): Sides {
  const groups = variantRuns(input);
  const main = mainVariants(input);
  const named = (name: string | undefined) => groups.find(({ variant }) => variant === name) ?? null;
  const after = named(main?.candidate) ?? groups[0] ?? { variant: '', runs: [] };
  const reasons = groups.flatMap(({ runs }) => runs.flatMap(({ run }) => run.skippedLoads));
  return {
    before: named(main?.baseline),
    after,
    comparison: mainComparison(input),
    skipped: reasons[0] === undefined ? null : `${reasons[0].generator} was skipped: ${reasons[0].reason}`,
  };
}

interface FigureShape {
  label: string;
  unit: string;
  higherIsBetter?: boolean;
  before: number | null;
  after: number | null;
  timing: TimingComparison | undefined;
  missing: string;
}

/** One figure; where the comparison has the metric, its own numbers are shown, so that nothing is told twice differently. */
function figure({
  label,
  unit,
  higherIsBetter = false,
  before,
  after,
  timing,
  missing,
}: FigureShape): KeyFigure {
  const from = timing?.baselineMedian ?? before;
  const to = timing?.candidateMedian ?? after;
  if (to === null) return { label, before: null, after: null, change: null, interval: null, missing };
  const meaning = { unit, higherIsBetter };
  const ratio = timing?.ratio ?? (from === null || from === 0 ? null : to / from);
  const interval =
    timing === undefined || timing.low === null || timing.high === null || timing.level === null
      ? null
      : `${levelText(timing.level)} interval: ${formatChangeInterval(timing.low, timing.high, meaning)}`;
  return {
    label,
    before: from === null ? null : formatInUnit(from, unit),
    after: formatInUnit(to, unit),
    change: ratio === null ? null : ratio === 1 ? 'unchanged' : formatChange(ratio, meaning),
    interval,
    missing: null,
  };
}

function timingNamed(comparison: Comparison | null, matches: (metric: string) => boolean) {
  return comparison?.timings.find(({ metric }) => matches(metric.toLowerCase()));
}

function dispatchFigures({ before, after, comparison }: Sides): KeyFigure[] {
  const from = before === null ? null : dispatchSummary(before);
  const to = dispatchSummary(after);
  const missing = after.runs.length === 0 ? NO_RUN : 'no dispatch was probed';
  const field = (name: keyof DispatchSummary & ('wallMs' | 'queries' | 'applyMs')) => ({
    before: from?.[name] ?? null,
    after: to?.[name] ?? null,
    missing,
  });
  return [
    figure({
      label: 'Dispatch time',
      unit: 'ms',
      ...field('wallMs'),
      timing: timingNamed(comparison, (metric) => metric === 'dispatch time'),
    }),
    figure({ label: 'Queries per dispatch', unit: 'statements', ...field('queries'), timing: undefined }),
    figure({
      label: 'Apply phase',
      unit: 'ms',
      ...field('applyMs'),
      timing: timingNamed(comparison, (metric) => metric.startsWith('apply')),
    }),
  ];
}

/** p95 (the median where a run has too few requests) of the two most requested endpoints in an open model. */
function latencyFigures(sides: Sides): KeyFigure[] {
  const generator = generatorNamed(sides, 'open');
  if (generator === null)
    return [absent('Latency under load', sides, 'no load with arrivals on schedule was run')];
  const after = endpointSummaries(sides.after, generator);
  const before = sides.before === null ? [] : endpointSummaries(sides.before, generator);
  return after.slice(0, 2).map((summary) => {
    const other = before.find(({ endpoint }) => endpoint === summary.endpoint);
    const fewest = Math.min(summary.fewestRequests, other?.fewestRequests ?? summary.fewestRequests);
    const quantile = fewest >= P95_FROM_REQUESTS ? 'p95' : 'p50';
    const field = `${quantile}Ms` as const;
    return figure({
      label: `${summary.endpoint} ${quantile === 'p95' ? 'p95' : 'median'} (${generator})`,
      unit: 'ms',
      before: other?.[field] ?? null,
      after: summary[field],
      timing: timingNamed(
        sides.comparison,
        (metric) => metric === `${summary.endpoint} ${quantile} (${generator})`.toLowerCase(),
      ),
      missing: 'no request was answered',
    });
  });
}

/** Throughput of the first saturated endpoint at its largest number of connections. */
function saturationFigures(sides: Sides): KeyFigure[] {
  const generator = generatorNamed(sides, 'closed');
  if (generator === null) return [absent('Saturation throughput', sides, 'no saturation probe was run')];
  const probes = phaseSummaries(loadsBy(sides.after, generator)).filter(({ endpoint }) => endpoint !== null);
  const first = probes
    .filter(({ endpoint }) => endpoint === probes[0]?.endpoint)
    .toSorted((a, b) => (b.concurrency ?? 0) - (a.concurrency ?? 0))[0];
  if (first === undefined) return [absent('Saturation throughput', sides, 'no endpoint was saturated')];
  const other =
    sides.before === null
      ? undefined
      : phaseSummaries(loadsBy(sides.before, generator)).find(({ name }) => name === first.name);
  return [
    figure({
      label: `${first.endpoint} saturated (${generator}${first.concurrency === null ? '' : `, ${first.concurrency} connections`})`,
      unit: 'requests/s',
      higherIsBetter: true,
      before: other?.throughputPerSecond ?? null,
      after: first.throughputPerSecond,
      timing: timingNamed(
        sides.comparison,
        (metric) => metric === `${first.name} throughput (${generator})`.toLowerCase(),
      ),
      missing: 'nothing was answered',
    }),
  ];
}

function generatorNamed({ before, after }: Sides, model: 'open' | 'closed'): GeneratorName | null {
  const groups = before === null ? [after] : [after, before];
  return generatorsOf(groups).find((generator) => generator.model === model)?.name ?? null;
}

function absent(label: string, { skipped, after }: Sides, reason: string): KeyFigure {
  const missing = after.runs.length === 0 ? NO_RUN : (skipped ?? reason);
  return { label, before: null, after: null, change: null, interval: null, missing };
}
