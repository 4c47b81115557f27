import { formatCount, formatDuration, formatRate, NOT_MEASURED } from '../../quantity.ts';
import { P95_FROM_REQUESTS } from '../charts/latency-finding.ts';
import { median } from '../dispatch-summary.ts';
import {
  type EndpointSummary,
  endpointSummaries,
  generatorsOf,
  loadsBy,
  type PhaseSummary,
  phaseSummaries,
  sumOf,
} from '../load-summary.ts';
import type { VariantRuns } from '../report-input.ts';
import { type Cell, type Table, table, variantCell } from './blocks.ts';

/** Below this many requests in a run, p99 is its slowest request. */
const P99_FROM_REQUESTS = 100;

/** One table a generator: every endpoint in every variant. */
export function endpointTables(groups: readonly VariantRuns[]): Table[] {
  return generatorsOf(groups).flatMap(({ name, model }) => {
    const summaries = groups.flatMap((group) => endpointSummaries(group, name));
    const order = [...new Set(summaries.map(({ endpoint }) => endpoint))];
    const rows = order.flatMap((endpoint) => summaries.filter((summary) => summary.endpoint === endpoint));
    return (
      table(
        `Endpoints under ${name} (${model === 'open' ? 'arrivals on schedule' : 'closed loop'})`,
        ['Endpoint', 'Variant', 'Requests', 'Errors', 'Timeouts', 'p50', 'p95', 'p99'],
        rows.map(endpointRow),
        {
          numericFrom: 2,
          note: `Requests and errors of all runs; latencies are medians over the runs. “Too few”: some run has fewer than ${P95_FROM_REQUESTS} requests (p95) or ${P99_FROM_REQUESTS} (p99), and its tail would be its slowest request.`,
        },
      ) ?? []
    );
  });
}

function endpointRow(summary: EndpointSummary): Cell[] {
  return [
    summary.endpoint,
    variantCell(summary.variant),
    formatCount(summary.requests),
    formatCount(summary.errors),
    formatCount(summary.timeouts),
    duration(summary.p50Ms),
    tail(summary.p95Ms, summary.fewestRequests, P95_FROM_REQUESTS),
    tail(summary.p99Ms, summary.fewestRequests, P99_FROM_REQUESTS),
  ];
}

function tail(ms: number | null, requests: number, enough: number): string {
  return ms !== null && requests < enough ? 'too few' : duration(ms);
}

function duration(ms: number | null): string {
  return ms === null ? NOT_MEASURED : formatDuration(ms);
}

/** Dispatches started under load and followed to their end. */
export function dispatchedTable(groups: readonly VariantRuns[]): Table | null {
  const rows = generatorsOf(groups).flatMap(({ name }) =>
    groups.flatMap((group) => {
      const followed = loadsBy(group, name).map(({ load }) => load.report.dispatches);
      if (sumOf(followed, ({ started }) => started) === 0) return [];
      const times = followed.flatMap(({ timeToCompleteMs }) => timeToCompleteMs ?? []);
      return [
        [
          variantCell(group.variant),
          name,
          ...(['started', 'completed', 'failed', 'unfinished'] as const).map((field) =>
            formatCount(sumOf(followed, (one) => one[field])),
          ),
          duration(median(times.map(({ p50Ms }) => p50Ms))),
          duration(median(times.map(({ maxMs }) => maxMs))),
        ],
      ];
    }),
  );
  return table(
    'Dispatches started under load and followed to their end',
    ['Variant', 'Generator', 'Started', 'Completed', 'Failed', 'Unfinished', 'Median time', 'Longest time'],
    rows,
    {
      numericFrom: 2,
      note: 'Times from the request that started it to the run seen completed; medians over the runs.',
    },
  );
}

/** Steps of a stress scenario and levels of saturation, one table a generator. */
export function phaseTables(groups: readonly VariantRuns[]): Table[] {
  return generatorsOf(groups).flatMap(({ name }) => {
    const summaries = groups.flatMap((group) =>
      phaseSummaries(loadsBy(group, name)).map((phase) => ({ variant: group.variant, ...phase })),
    );
    const order = [...new Set(summaries.map((phase) => phase.name))];
    if (order.length < 2) return [];
    const rows = order.flatMap((phase) => summaries.filter((summary) => summary.name === phase));
    return (
      table(
        `Phases of the load by ${name}`,
        ['Phase', 'Variant', 'Asked', 'Answered', 'p50', 'p95', 'Errors'],
        rows.map(phaseRow),
        {
          numericFrom: 2,
          note: 'Asked: iterations per second, or connections of a closed loop. Answered: requests per second, median over the runs.',
        },
      ) ?? []
    );
  });
}

function phaseRow(phase: PhaseSummary & { variant: string }): Cell[] {
  return [
    phase.name,
    variantCell(phase.variant),
    phase.targetRatePerSecond !== null
      ? formatRate(phase.targetRatePerSecond)
      : phase.concurrency === null
        ? '–'
        : `${formatCount(phase.concurrency)} conn.`,
    formatRate(phase.throughputPerSecond),
    duration(phase.p50Ms),
    duration(phase.p95Ms),
    formatCount(phase.errors),
  ];
}
