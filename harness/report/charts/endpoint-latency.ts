import { shortenPath } from '../../quantity.ts';
import type { LoadTestFact } from '../../week-record.ts';
import type { Chart } from './chart.ts';
import { contextLine } from './context.ts';
import { drawDumbbells } from './dumbbells.ts';
import { latencyFinding } from './latency-finding.ts';
import { variantStyles } from './palette.ts';

type Run = LoadTestFact['runs'][number];

export interface LatencySides {
  readonly scenario: string;
  readonly before: Run;
  readonly after: Run;
}

/** Median and p95 of each endpoint in two runs under one scenario. `null` when no endpoint was answered in both. */
export function endpointLatencyChart(sides: LatencySides, context: string): Chart | null {
  const { scenario, before, after } = sides;
  const rows = before.endpoints.flatMap((endpoint) => {
    const other = after.endpoints.find((one) => one.endpoint === endpoint.endpoint);
    const answered = other !== undefined && endpoint.p50Ms !== null && other.p50Ms !== null;
    return answered ? [{ text: endpoint.endpoint, before: endpoint, after: other }] : [];
  });
  if (rows.length === 0) return null;
  const [baseline, candidate] = [before.variant, after.variant];
  return {
    name: `${scenario}-latency`,
    finding: `${sidesFinding(rows, { baseline, candidate })} (${scenario} test)`,
    context: contextLine(context, `${after.generator}, 1 run of each`, droppedText(sides)),
    reading:
      'A row is an endpoint, its two points the latency before and after. Of one run each, so a small difference may be chance. The scales begin at 0 and are logarithmic.',
    draw: (widthPx) =>
      drawDumbbells(
        {
          rows,
          measures: [
            { field: 'p50Ms', title: 'Median', unit: 'ms' },
            { field: 'p95Ms', title: 'p95', unit: 'ms' },
          ],
          styles: variantStyles([baseline, candidate]),
          baseline,
          candidate,
          label: shortenPath,
          everyRowOnAPhone: true,
        },
        widthPx,
      ),
  };
}

type Endpoint = Run['endpoints'][number];

function sidesFinding(
  rows: readonly { text: string; before: Endpoint; after: Endpoint }[],
  { baseline, candidate }: { baseline: string; candidate: string },
): string {
  const line = (variant: string, { p50Ms, p95Ms, requests }: Endpoint) => ({
    ...{ variant, p50Ms, p95Ms },
    ...{ fewestRequests: requests, merged: [], runs: [] },
  });
  const panels = rows.map(({ text, before, after }) => ({
    endpoint: text,
    lines: [line(baseline, before), line(candidate, after)],
  }));
  return latencyFinding({ panels, baseline, candidate });
}

function droppedText({ before, after }: LatencySides): string | null {
  const dropped = [before, after].filter(({ droppedIterations }) => droppedIterations > 0);
  if (dropped.length === 0) return null;
  return `censored: ${dropped.map((run) => `${run.droppedIterations} arrivals dropped in ${run.variant}`).join(', ')}`;
}
