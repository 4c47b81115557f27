import { countRateLimited, RATE_LIMITED_RATIO, rateLimitedRatio } from '../load-generators/rate-limited.ts';
import type { LoadReport, MeasuredLoad } from '../result.ts';

/**
 * Why a load must not be compared, or `null`. All of it is about the traffic and none about how long it took: latency of a
 * load that did not go as planned is censored, since the slowest answers are the ones that are missing.
 */
export function findLoadFault(report: LoadReport): string | null {
  const { started, completed, unfollowed = 0 } = report.dispatches;
  const counts: readonly [number, string][] = [
    [report.droppedIterations, 'dropped iterations'],
    [report.interruptedIterations, 'interrupted iterations'],
    [report.exceptions, 'exceptions'],
    [report.mismatches, 'wrong answers'],
    [report.errors, 'errors'],
    [started - completed - unfollowed, 'dispatches that did not complete'],
  ];
  const found = counts.find(([count]) => count > 0);
  if (found !== undefined) return `${found[0]} ${found[1]}`;
  return rateLimitedRatio(report) <= RATE_LIMITED_RATIO
    ? null
    : `${countRateLimited(report)} of ${report.requests} answers were 429 (too many requests)`;
}

/**
 * What makes the load of a pair not comparable, as sentences; empty when it is. The causes are declared here and do not
 * depend on who was faster, so a pair may be measured again for them.
 */
export function findPairFaults(loads: ReadonlyMap<string, readonly MeasuredLoad[]>): string[] {
  const faults = [...loads].flatMap(([variant, own]) =>
    own.flatMap(({ report }) => {
      const fault = findLoadFault(report);
      return fault === null ? [] : [`${variant} under ${report.generator}: ${fault}`];
    }),
  );
  return [...faults, ...findUnequalWork(loads)];
}

/** Capacity is left out: a fast variant gets more requests there, so that its slices last. */
function findUnequalWork(loads: ReadonlyMap<string, readonly MeasuredLoad[]>): string[] {
  const requests = new Map<string, Map<string, number>>();
  for (const [variant, own] of loads) {
    for (const { endpoint, requests: count } of own.flatMap(openEndpoints)) {
      const byVariant = requests.get(endpoint) ?? new Map([...loads.keys()].map((name) => [name, 0]));
      byVariant.set(variant, (byVariant.get(variant) ?? 0) + count);
      requests.set(endpoint, byVariant);
    }
  }
  return [...requests].flatMap(([endpoint, byVariant]) => {
    if (new Set(byVariant.values()).size < 2) return [];
    const counts = [...byVariant].map(([variant, count]) => `${count} at ${variant}`).join(', ');
    return [`unequal work: ${endpoint} was asked ${counts}`];
  });
}

function openEndpoints({ report }: MeasuredLoad): LoadReport['endpoints'] {
  // An own script asks as often as it likes; its report says so.
  return report.model === 'open' && report.ownScript === undefined ? report.endpoints : [];
}
