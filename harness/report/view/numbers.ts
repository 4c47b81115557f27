import { formatChange } from '../../change.ts';
import type { ExactComparison } from '../../experiment-record.ts';
import { formatCount, formatDuration, formatInstant, formatInUnit } from '../../quantity.ts';
import type { Round } from '../../result.ts';
import { type DispatchSummary, dispatchSummary, timesItself } from '../dispatch-summary.ts';
import { allRuns, type ReportInput, type VariantRuns, variantRuns } from '../report-input.ts';
import { blocks, type Section, type Table, table, variantCell } from './blocks.ts';
import { dispatchedTable, endpointTables, phaseTables } from './load-tables.ts';
import { thresholdTable } from './thresholds.ts';
import { timingTables } from './timing-tables.ts';
import { blocksOf } from './why.ts';

/** Every number the report rests on, in tables. */
export function numbersSection(input: ReportInput): Section {
  const groups = variantRuns(input).filter(({ runs }) => runs.length > 0);
  const found = blocks(
    timingTables(input),
    exactTable(input, groups),
    phaseTimesTable(groups),
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
  const summaries = groups.flatMap((group) => dispatchSummary(group) ?? []);
  const byPhase = summaries.some(timesItself); // a service that is not ours seldom tells its phases
  return table(
    byPhase ? 'Time of one dispatch alone, by phase' : 'Time of one dispatch alone',
    ['Variant', 'Dispatch', ...(byPhase ? ['Load', 'Decide', 'Apply', 'Rest'] : []), 'Database'],
    summaries.map(({ variant, wallMs, loadMs, decideMs, applyMs, restMs, databaseMs }) => {
      const times = [wallMs, ...(byPhase ? [loadMs, decideMs, applyMs, restMs] : []), databaseMs];
      return [variantCell(variant), ...times.map((ms) => (ms === null ? '–' : formatDuration(ms)))];
    }),
    {
      note: 'Median over the runs of each run’s mean. Database: execution time of the statements, part of the others.',
    },
  );
}

function runsTable(input: ReportInput): Table | null {
  if (input.kind === 'run') return null;
  return table(
    'The runs',
    ['Part', 'Pair', 'Slot', 'Variant', 'State', 'Started', 'Dispatch', 'Queries', 'Errors'],
    allRuns(input).map((placed) => {
      const { part, pair, slot, variant, run } = placed;
      const summary = dispatchSummary({ variant, runs: [placed] });
      const errors = run.loads.reduce((sum, { report }) => sum + report.errors, 0);
      const meanMs = summary?.wallMs ?? meanDispatchMs(run.round);
      return [
        String(part),
        String(pair),
        String(slot),
        variantCell(variant),
        run.state === 'complete' ? 'complete' : `${run.state}, not used`,
        formatInstant(run.startedAt),
        meanMs === null ? '–' : formatDuration(meanMs),
        summary === null ? '–' : formatCount(summary.queries),
        run.loads.length === 0 ? '–' : formatCount(errors),
      ];
    }),
    { numericFrom: 6, note: 'Dispatch: mean time of a dispatch. –: not part of such a run.', folded: true },
  );
}

function meanDispatchMs(round: Round | null): number | null {
  const times = round?.slices.flatMap(({ dispatchMs }) => dispatchMs) ?? [];
  return times.length === 0 ? null : times.reduce((sum, ms) => sum + ms, 0) / times.length;
}
