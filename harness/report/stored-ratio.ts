import { gateTimings } from './gate.ts';
import { datasetOf, type ReportInput } from './report-input.ts';
import { isRefused } from './verdict-words.ts';

/** What the index keeps of a comparison: the ratio of the first metric that decides, with what it was measured on. */
export interface StoredRatio {
  baseline: string;
  candidate: string;
  metric: string;
  unit: string;
  higherIsBetter: boolean;
  /** Candidate ÷ baseline, as the record estimates it. */
  ratio: number;
  /** Ends of its interval; `null` with too few pairs. */
  low: number | null;
  high: number | null;
  level: number | null;
  pairs: number;
  machine: string;
  datasetDigest: string;
}

/** Of each comparison of a complete experiment; none of one that was refused or that decides nothing. */
export function storedRatios(input: ReportInput): StoredRatio[] {
  if (input.kind === 'run' || input.experiment.state !== 'complete') return [];
  const { comparisons, falseAlarms } = input.experiment;
  const datasetDigest = datasetOf(input)?.digest ?? '';
  return comparisons.flatMap((comparison) => {
    const [gate] = gateTimings(comparison);
    if (gate === undefined || isRefused(comparison)) return [];
    const { metric, unit, higherIsBetter, ratio, low, high, level, pairs } = gate;
    return [
      {
        baseline: comparison.baseline,
        candidate: comparison.candidate,
        ...{ metric, unit, higherIsBetter, ratio, low, high, level, pairs },
        machine: falseAlarms.machine,
        datasetDigest,
      },
    ];
  });
}
