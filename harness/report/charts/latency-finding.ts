import { formatDuration } from '../../quantity.ts';
import type { PercentilePoint } from '../../result.ts';

/** The latency of one endpoint in one variant. */
export interface LatencyLine {
  variant: string;
  /** Median over runs at each quantile. */
  merged: readonly PercentilePoint[];
  /** One thin line a run; empty for a single run. */
  runs: readonly (readonly PercentilePoint[])[];
  /** `null` when nothing was answered. */
  p50Ms: number | null;
  p95Ms: number | null;
  /** Requests of the run that has fewest. */
  fewestRequests: number;
}

export interface LatencyPanel {
  endpoint: string;
  lines: readonly LatencyLine[];
}

/** Below this many requests in a run, p95 is little more than the slowest of them. */
export const P95_FROM_REQUESTS = 20;

/** What the finding is told by: p95 where every run has requests enough for it, else the median. */
function statisticFor(panels: readonly LatencyPanel[]): {
  word: string;
  of(line: LatencyLine): number | null;
} {
  const enough = panels.every(({ lines }) =>
    lines.every(({ fewestRequests }) => fewestRequests >= P95_FROM_REQUESTS),
  );
  return enough ? { word: 'p95', of: (line) => line.p95Ms } : { word: 'median', of: (line) => line.p50Ms };
}

/** What the panels say together, from the baseline to the candidate; of a single run, the range of its endpoints. */
export function latencyFinding({
  panels,
  baseline,
  candidate,
}: {
  panels: readonly LatencyPanel[];
  baseline: string;
  candidate: string;
}): string {
  const { word, of } = statisticFor(panels);
  if (baseline === candidate) return singleFinding(panels);
  const ratios = panels.flatMap(({ endpoint, lines }) => {
    const line = (variant: string) => lines.find((one) => one.variant === variant);
    const before = of(line(baseline) ?? NO_LINE);
    const after = of(line(candidate) ?? NO_LINE);
    return before === null || after === null || before === 0
      ? []
      : [{ endpoint, before, after, ratio: after / before }];
  });
  const [only] = ratios;
  if (only === undefined) return `Latency of ${baseline} and ${candidate} cannot be set side by side`;
  if (ratios.length === 1) {
    return `${only.endpoint}: ${word} is ${formatDuration(only.after, 2)} in ${candidate}, ${formatDuration(only.before, 2)} in ${baseline}`;
  }
  const lower = ratios.filter(({ ratio }) => ratio < 0.95);
  const higher = ratios.filter(({ ratio }) => ratio > 1.05);
  if (lower.length === ratios.length)
    return `${candidate} has a lower ${word} at all ${ratios.length} endpoints${spread(ratios)}`;
  if (higher.length === ratios.length)
    return `${candidate} has a higher ${word} at all ${ratios.length} endpoints`;
  if (lower.length + higher.length === 0)
    return `${capital(word)} stays within 5 % at all ${ratios.length} endpoints`;
  const told = [
    ['lower', lower.length],
    ['higher', higher.length],
    ['within 5 %', ratios.length - lower.length - higher.length],
  ] as const;
  const parts = told.filter(([, count]) => count > 0).map(([where, count]) => `${where} at ${count}`);
  return `${capital(word)} in ${candidate}: ${parts.join(', ')} of ${ratios.length} endpoints`;
}

const NO_LINE: LatencyLine = {
  variant: '',
  merged: [],
  runs: [],
  p50Ms: null,
  p95Ms: null,
  fewestRequests: 0,
};

function spread(ratios: readonly { ratio: number }[]): string {
  const factors = ratios.map(({ ratio }) => 1 / ratio).sort((a, b) => a - b);
  const least = factors[0] as number;
  const most = factors.at(-1) as number;
  if (least < 1.25) return '';
  const [from, to] = [least, most].map((factor) => factor.toFixed(factor < 10 ? 1 : 0));
  return from === to ? `: ${from} times lower` : `: ${from} to ${to} times lower`;
}

function singleFinding(panels: readonly LatencyPanel[]): string {
  const { word, of } = statisticFor(panels);
  const measured = panels
    .flatMap(({ endpoint, lines }) => lines.map((line) => ({ endpoint, ms: of(line) })))
    .filter((row): row is { endpoint: string; ms: number } => row.ms !== null)
    .sort((a, b) => b.ms - a.ms);
  const slowest = measured[0];
  const fastest = measured.at(-1);
  if (slowest === undefined || fastest === undefined) return 'No request was answered';
  if (measured.length === 1) return `${slowest.endpoint}: ${word} is ${formatDuration(slowest.ms, 2)}`;
  return `${capital(word)} runs from ${formatDuration(fastest.ms, 2)} (${fastest.endpoint}) to ${formatDuration(slowest.ms, 2)} (${slowest.endpoint})`;
}

function capital(word: string): string {
  return word === 'median' ? 'Median' : word;
}
