import type { PairDiagnostics, TimingComparison } from '../../experiment-record.ts';
import { formatShare } from '../../quantity.ts';
import { gateTimings } from '../gate.ts';
import { effectText } from '../machine-line.ts';
import type { ReportInput } from '../report-input.ts';
import { type Cell, type Table, table } from './blocks.ts';

/** What is odd about the pairs of the metrics that decide, in words. */
export function diagnosticRemarks(input: ReportInput): string[] {
  return judged(input).flatMap(({ name, timing }) => [
    ...(timing.diagnostics?.flags ?? []).map((flag) => `${name}: ${flag}`),
    ...(timing.tAgrees === false
      ? [`${name}: outlier pairs, a t interval does not agree on whether there is a change.`]
      : []),
  ]);
}

/** Numbers behind those words; `null` where no metric that decides has any. */
export function diagnosticTable(input: ReportInput): Table | null {
  return table(
    'The pairs of what decides',
    ['Metric', 'Pairs', 'Noise of a pair', 'Lag-1', 'Slot effect', 'Drift a slice', 't interval'],
    judged(input).flatMap(({ name, timing }) =>
      timing.diagnostics === null ? [] : [diagnosticRow(name, timing, timing.diagnostics)],
    ),
    {
      note: 'Noise: spread of the log ratios. Lag-1: correlation of neighbouring pairs, 0 when they are independent. Slot effect (pairs in which the baseline came first against the others) and drift should hold 0.',
    },
  );
}

function judged(input: ReportInput): { name: string; timing: TimingComparison }[] {
  if (input.kind === 'run') return [];
  const { comparisons } = input.experiment;
  return comparisons.flatMap((comparison) =>
    gateTimings(comparison).map((timing) => ({
      name: comparisons.length === 1 ? timing.metric : `${comparison.candidate}, ${timing.metric}`,
      timing,
    })),
  );
}

function diagnosticRow(
  name: string,
  { pairs, noise, tAgrees }: TimingComparison,
  { lag1, slotEffect, drift }: PairDiagnostics,
): Cell[] {
  return [
    name,
    String(pairs),
    noise === null ? '–' : formatShare(noise),
    lag1 === null ? '–' : lag1.toFixed(2),
    slotEffect === null ? '–' : effectText(slotEffect),
    drift === null ? '–' : effectText(drift),
    tAgrees === null ? '–' : tAgrees ? 'agrees' : 'does not agree',
  ];
}
