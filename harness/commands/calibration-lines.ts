import type { Detectable } from '../experiment/calibrate.ts';
import type { FalseAlarms } from '../experiment-record.ts';
import { formatShare } from '../quantity.ts';
import type { Calibration } from '../store/calibrations.ts';

export interface DetectableMetric {
  readonly metric: string;
  readonly delta: number;
  readonly noise: number;
  readonly decides: boolean;
  readonly looks: readonly Detectable[];
}

/** A calibration as aligned lines of plain text. */
export function calibrationLines(
  calibration: Calibration,
  metrics: readonly DetectableMetric[],
  falseAlarms: FalseAlarms,
): string[] {
  const { scenario, variant, pairs, dispatches, sliceSize, tried } = calibration;
  const sizes = tried.map((one) => `${one.sliceSize}: ${percent(one.noise[metrics[0]?.metric ?? ''] ?? 0)}`);
  const rows = [
    ['Metric', 'noise', ...(metrics[0]?.looks ?? []).map((look) => `${look.pairs} pairs`), 'band'],
    ...metrics.map((one) => [
      `${one.metric}${one.decides ? ' (decides)' : ''}`,
      percent(one.noise),
      ...one.looks.map((look) => `${percent(look.changeRatio)} / ${percent(look.regressionRatio)}`),
      `±${formatShare(one.delta)}`,
    ]),
  ];
  const noisy = metrics.filter((one) => (one.looks.at(-1)?.changeRatio ?? 0) > one.delta);
  return [
    `${scenario}, ${variant} against itself: ${pairs} pairs of ${dispatches} dispatches a side in slices of ${sliceSize}.`,
    `Noise by slice size (${metrics[0]?.metric ?? ''}): ${sizes.join(', ')}.`,
    ...aligned(rows).map((row) => `  ${row}`),
    '  A change of the first number is told from none 80 % of the time, one of the second is called regressed.',
    ...(noisy.length > 0 ? [`Too noisy to judge here: ${noisy.map((one) => one.metric).join(', ')}.`] : []),
    falseAlarmLine(falseAlarms),
  ];
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}

function falseAlarmLine({ experiments, alarms, low, high }: FalseAlarms): string {
  if (low === null || high === null) return 'False alarms of this machine: none measured.';
  return `False alarms of this machine: ${alarms} in ${experiments} A/A experiments (95 % interval ${percent(low)} to ${percent(high)}).`;
}
