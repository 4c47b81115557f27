import type { Comparison, TimingComparison } from '../experiment-record.ts';
import { type DispatchSummary, dispatchSummary } from './dispatch-summary.ts';
import { gateTimings } from './gate.ts';
import {
  figure,
  type KeyFigure,
  NO_RUN,
  type Sides,
  sidesOf,
  timingNamed,
  withoutChange,
} from './key-figure.ts';
import { loadFigures } from './load-figures.ts';
import type { ReportInput } from './report-input.ts';
import { capitalised } from './verdict-sentence.ts';
import { isRefused } from './verdict-words.ts';

/** The figures of a report, in the order a reader asks for them. What was never planned has no figure. */
export function keyFigures(input: ReportInput): KeyFigure[] {
  const sides = sidesOf(input);
  const { comparison } = sides;
  const figures = countsAlone(sides) ? exactFigures(sides) : dispatchFigures(sides);
  const refused = comparison !== null && isRefused(comparison);
  return [...(refused ? figures.map(withoutChange) : figures), ...loadFigures(input)];
}

function countsAlone({ comparison, planned }: Sides): boolean {
  return !planned('pair') && comparison !== null && comparison.exact.length > 0;
}

/** Where times are not what was asked, every count has its figure. */
function exactFigures({ comparison }: Sides): KeyFigure[] {
  return (comparison as Comparison).exact.map(({ metric, unit, baseline, candidate }) =>
    figure({
      label: capitalised(metric),
      unit,
      before: baseline,
      after: candidate,
      timing: undefined,
      missing: '',
    }),
  );
}

/** The first metric that decides, else the time of a dispatch alone; then its queries and its writing. */
function dispatchFigures({ before, after, comparison, planned }: Sides): KeyFigure[] {
  const from = before === null ? null : dispatchSummary(before);
  const to = dispatchSummary(after);
  const missing = after.runs.length === 0 ? NO_RUN : 'no dispatch was probed';
  const field = (name: keyof DispatchSummary & ('wallMs' | 'queries' | 'applyMs')) => ({
    before: from?.[name] ?? null,
    after: to?.[name] ?? null,
    missing,
  });
  const gate = comparison === null ? undefined : gateTimings(comparison)[0];
  const time =
    gate === undefined
      ? figure({ label: 'Dispatch time', unit: 'ms', ...field('wallMs'), timing: undefined })
      : gateFigure(gate);
  if (!planned('count')) return [time];
  return [
    time,
    figure({ label: 'Queries per dispatch', unit: 'statements', ...field('queries'), timing: undefined }),
    ...(to !== null && to.applyMs === null
      ? []
      : [
          figure({
            label: 'Apply phase',
            unit: 'ms',
            ...field('applyMs'),
            timing: timingNamed(comparison, (metric) => metric.startsWith('apply')),
          }),
        ]),
  ];
}

function gateFigure(timing: TimingComparison): KeyFigure {
  const { metric, unit, higherIsBetter } = timing;
  return figure({
    label: capitalised(metric),
    unit,
    higherIsBetter,
    before: null,
    after: null,
    timing,
    missing: '',
  });
}
