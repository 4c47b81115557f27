import { formatChange, formatChangeInterval } from '../../change.ts';
import type { Comparison, ExactComparison, TimingComparison } from '../../experiment-record.ts';
import {
  formatCount,
  formatDuration,
  formatInstant,
  formatInUnit,
  formatShare,
  NOT_MEASURED,
} from '../../quantity.ts';
import { levelText } from '../charts/changes-forest.ts';
import { type DispatchSummary, dispatchSummary } from '../dispatch-summary.ts';
import { allRuns, type ReportInput, type VariantRuns, variantRuns } from '../report-input.ts';
import { timingLook } from '../verdict-words.ts';
import { type Block, blocks, type Cell, type Section, type Table, table, variantCell } from './blocks.ts';
import { dispatchedTable, endpointTables, phaseTables } from './load-tables.ts';
import { thresholdTable } from './thresholds.ts';
import { blocksOf } from './why.ts';

/** Every number the report rests on, in tables. */
export function numbersSection(input: ReportInput): Section {
  const groups = variantRuns(input).filter(({ runs }) => runs.length > 0);
  const found = blocks(
    exactTable(input, groups),
    phaseTimesTable(groups),
    timingTables(input),
    endpointTables(groups),
    dispatchedTable(groups),
    phaseTables(groups),
    thresholdTable(groups),
    runsTable(input),
  );
  return {
    id: 'numbers',
    heading: 'The numbers',
    lead: null,
    blocks: found.length > 0 ? found : [{ kind: 'missing', text: 'Not measured: no run was completed.' }],
  };
}

interface Counter {
  label: string;
  /** Name of the metric in a comparison. */
  metric: string | null;
  unit: string;
  of(summary: DispatchSummary): number;
}

const COUNTERS: readonly Counter[] = [
  { label: 'Queries', metric: 'queries per dispatch', unit: 'statements', of: ({ queries }) => queries },
  {
    label: 'of them transaction control',
    metric: null,
    unit: 'statements',
    of: (one) => one.transactionStatements,
  },
  { label: 'Rows', metric: 'rows per dispatch', unit: 'rows', of: ({ rows }) => rows },
  { label: 'Blocks hit and read', metric: 'blocks per dispatch', unit: 'blocks', of: blocksOf },
  { label: 'Blocks dirtied', metric: null, unit: 'blocks', of: ({ blocksDirtied }) => blocksDirtied },
  {
    label: 'WAL records',
    metric: 'WAL records per dispatch',
    unit: 'records',
    of: ({ walRecords }) => walRecords,
  },
  { label: 'WAL', metric: 'WAL bytes per dispatch', unit: 'bytes', of: ({ walBytes }) => walBytes },
  { label: 'Assigned bookings', metric: null, unit: 'bookings', of: ({ assigned }) => assigned },
];

function exactTable(input: ReportInput, groups: readonly VariantRuns[]): Table | null {
  const summaries = groups.flatMap((group) => dispatchSummary(group) ?? []);
  const [first, second] = summaries;
  if (first === undefined) return null;
  const exact =
    input.kind === 'run' ? [] : input.experiment.comparisons.flatMap((comparison) => comparison.exact);
  const paired = summaries.length === 2 && second !== undefined;
  return table(
    'Counted exactly, per dispatch',
    [
      'Counter',
      ...summaries.map(({ variant }) => variant),
      ...(paired ? ['Change'] : []),
      ...(exact.length > 0 ? ['Repeats'] : []),
    ],
    COUNTERS.map((counter) => [
      counter.label,
      ...summaries.map((summary) => formatInUnit(counter.of(summary), counter.unit)),
      ...(paired ? [changeOf(counter.of(first), counter.of(second), counter.unit)] : []),
      ...(exact.length > 0 ? [repeats(exact.filter(({ metric }) => metric === counter.metric))] : []),
    ]),
    { textColumns: exact.length > 0 ? [summaries.length + (paired ? 2 : 1)] : [] },
  );
}

function changeOf(before: number, after: number, unit: string): string {
  if (before === after) return 'unchanged';
  if (before === 0) return 'from none';
  return formatChange(after / before, { unit, higherIsBetter: false });
}

function repeats(rows: readonly ExactComparison[]): string {
  if (rows.length === 0) return '';
  if (rows.every(({ repeatsAgree }) => repeatsAgree)) return 'equal in every run';
  const ends = rows.flatMap(({ baselineRange, candidateRange, unit }) =>
    [baselineRange, candidateRange].map(
      ([least, most]) => `${formatInUnit(least, unit)} to ${formatInUnit(most, unit)}`,
    ),
  );
  return `near-exact: ${[...new Set(ends)].join('; ')}`;
}

function phaseTimesTable(groups: readonly VariantRuns[]): Table | null {
  return table(
    'Time of one dispatch alone, by phase',
    ['Variant', 'Dispatch', 'Load', 'Decide', 'Apply', 'Rest', 'Database'],
    groups.flatMap((group) => {
      const summary = dispatchSummary(group);
      if (summary === null) return [];
      const times = [
        summary.wallMs,
        summary.loadMs,
        summary.decideMs,
        summary.applyMs,
        summary.restMs,
        summary.databaseMs,
      ];
      return [[variantCell(group.variant), ...times.map((ms) => formatDuration(ms))]];
    }),
    {
      note: 'Median over the runs of each run’s mean. Database: execution time of the statements, part of the others.',
    },
  );
}

function timingTables(input: ReportInput): Block[] {
  if (input.kind === 'run') return [];
  return input.experiment.comparisons.flatMap(
    (comparison) => timingTable(comparison, input.experiment.state) ?? [],
  );
}

function timingTable(comparison: Comparison, state: State): Table | null {
  const { baseline, candidate, timings } = comparison;
  const levels = [...new Set(timings.flatMap(({ level }) => (level === null ? [] : [levelText(level)])))];
  const pairs = [...new Set(timings.map((timing) => timing.pairs))].sort((a, b) => a - b);
  const said = levels.length === 0 ? 'too few for intervals' : `intervals at ${levels.join(' and ')}`;
  return table(
    `Timings: ${candidate} against ${baseline}, ${pairs.join(' and ')} pairs, ${said}`,
    ['Metric', 'Verdict', baseline, candidate, 'Change', 'Interval', 'Band'],
    timings.map((timing) => timingRow(timing, state)),
    {
      numericFrom: 2,
      note: 'Medians over the pairs; the change is the Hodges–Lehmann estimate of the ratio, the interval is exact (Wilcoxon), the band is what counts as no change. Only the metric that decides gives the verdict; of many others a few may err by chance.',
    },
  );
}

type State = 'complete' | 'interrupted' | 'failed';

function timingRow(timing: TimingComparison, state: State): Cell[] {
  const { low, high } = timing;
  const look = timingLook(timing, state);
  return [
    timing.role === 'gate' ? `${timing.metric} (decides)` : timing.metric,
    { kind: 'verdict', look, note: timing.verdict === 'not-comparable' ? timing.reason : null },
    formatInUnit(timing.baselineMedian, timing.unit),
    formatInUnit(timing.candidateMedian, timing.unit),
    formatChange(timing.ratio, timing),
    low === null || high === null ? 'none' : formatChangeInterval(low, high, timing),
    `±${formatShare(timing.delta)}`,
  ];
}

function runsTable(input: ReportInput): Table | null {
  if (input.kind === 'run') return null;
  return table(
    'The runs',
    ['Pair', 'Slot', 'Variant', 'State', 'Started', 'Dispatch', 'Queries', 'Errors'],
    allRuns(input).map(({ pair, slot, variant, run }) => {
      const summary = dispatchSummary({ variant, runs: [{ pair, slot, variant, run }] });
      const errors = run.loads.reduce((sum, { report }) => sum + report.errors, 0);
      return [
        String(pair),
        String(slot),
        variantCell(variant),
        run.state === 'complete' ? 'complete' : `${run.state}, not used`,
        formatInstant(run.startedAt),
        summary === null ? NOT_MEASURED : formatDuration(summary.wallMs),
        summary === null ? NOT_MEASURED : formatCount(summary.queries),
        run.loads.length === 0 ? 'no load' : formatCount(errors),
      ];
    }),
    { numericFrom: 5 },
  );
}
