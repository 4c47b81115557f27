import type { Comparison, ExperimentRecord, TimingComparison } from '../../experiment-record.ts';
import { formatInUnit, formatShare } from '../../quantity.ts';
import { gateTimings } from '../gate.ts';
import { gateRows, intervalOf } from '../gate-table.ts';
import type { ReportInput } from '../report-input.ts';
import { changeText, levelText } from '../verdict-sentence.ts';
import { timingLook } from '../verdict-words.ts';
import { type Block, blocks, type Cell, type Table, table } from './blocks.ts';

type State = ExperimentRecord['state'];

/** Of each comparison the metrics that decide, and then the ones that only hint. */
export function timingTables(input: ReportInput): Block[] {
  if (input.kind === 'run') return [];
  const { comparisons, state } = input.experiment;
  return blocks(
    ...comparisons.flatMap((comparison) => [
      gateTable(comparison, state),
      exploratoryTable(comparison, state),
    ]),
  );
}

function gateTable(comparison: Comparison, state: State): Table | null {
  const { baseline, candidate, family } = comparison;
  const gates = gateTimings(comparison);
  const asked =
    family.look === null || family.look.of === 1 ? '' : `, look ${family.look.number} of ${family.look.of}`;
  return table(
    `What decides: ${candidate} against ${baseline}, ${basisOf(gates)}${asked}`,
    [
      'Metric (band)',
      'Verdict',
      baseline,
      candidate,
      'Change',
      'Interval',
      'Equivalence interval',
      'Tells / calls',
    ],
    gateRows(comparison, state).map((row) => [
      `${row.metric} (${row.band})`,
      { kind: 'verdict', look: row.look, note: null },
      row.baseline,
      row.candidate,
      row.change,
      row.interval,
      row.equivalence,
      `${row.detectable} / ${row.regression}`,
    ]),
    {
      numericFrom: 2,
      note: 'Medians over the pairs; the change is the Hodges–Lehmann estimate of the ratio, the interval is exact (Wilcoxon). The equivalence interval (two one-sided tests) inside the band shows that nothing changed. Tells / calls: the smallest slowdown that these pairs would have told from none, and the smallest that they would have called regressed, 80 % of the time.',
    },
  );
}

function exploratoryTable(comparison: Comparison, state: State): Table | null {
  const { baseline, candidate, timings } = comparison;
  const rest = timings.filter(({ role }) => role === 'exploratory');
  return table(
    `Exploratory: ${candidate} against ${baseline}, ${basisOf(rest)}`,
    ['Metric', 'Hint', baseline, candidate, 'Change', 'Interval', 'Band', 'p', 'q'],
    rest.map((timing) => exploratoryRow(timing, comparison, state)),
    {
      numericFrom: 2,
      note: 'These decide nothing. Of so many a few look changed by chance: q is the share of false discoveries among the rows up to this one (Benjamini–Hochberg), and above 0.10 a change is not told.',
    },
  );
}

function exploratoryRow(timing: TimingComparison, comparison: Comparison, state: State): Cell[] {
  const look = timingLook(timing, comparison, state);
  return [
    timing.metric,
    { kind: 'verdict', look, note: timing.verdict === 'not-comparable' ? timing.reason : null },
    formatInUnit(timing.baselineMedian, timing.unit),
    formatInUnit(timing.candidateMedian, timing.unit),
    changeText(timing),
    intervalOf(timing, timing.low, timing.high),
    `±${formatShare(timing.delta)}`,
    probability(timing.pValue),
    probability(timing.qValue),
  ];
}

function probability(value: number | null): string {
  if (value === null) return '–';
  return value < 0.001 ? '< 0.001' : value.toFixed(3);
}

/** "16 pairs, intervals at 98.8 %" */
function basisOf(timings: readonly TimingComparison[]): string {
  const pairs = [...new Set(timings.map((timing) => timing.pairs))].sort((a, b) => a - b);
  const levels = [...new Set(timings.flatMap(({ level }) => (level === null ? [] : [levelText(level)])))];
  const said = levels.length === 0 ? 'too few for intervals' : `intervals at ${levels.join(' and ')}`;
  return `${pairs.join(' and ')} ${pairs.length === 1 && pairs[0] === 1 ? 'pair' : 'pairs'}, ${said}`;
}
