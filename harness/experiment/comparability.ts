import type { RunRecord } from '../result.ts';

/**
 * Why two runs may not be compared at all; empty when they may. The variants are meant to differ; what was given to
 * them and what they answered is not.
 */
export function refusalsBetween(baseline: RunRecord, candidate: RunRecord): string[] {
  const refusals: string[] = [];
  const mustEqual = (what: string, a: unknown, b: unknown) => {
    if (a !== b) refusals.push(`${what} differs: ${a} against ${b}`);
  };
  for (const run of [baseline, candidate]) {
    if (run.state !== 'complete') refusals.push(`the run of ${run.variant} is ${run.state}`);
    if (run.probe?.contaminated)
      refusals.push(`something else used the database of ${run.variant} while it was probed`);
  }
  mustEqual('the scenario', baseline.scenario, candidate.scenario);
  mustEqual('the length of the load', baseline.traffic.durationFactor, candidate.traffic.durationFactor);
  mustEqual('the rate of the load', baseline.traffic.rateFactor, candidate.traffic.rateFactor);
  mustEqual('the dataset', baseline.dataset.digest, candidate.dataset.digest);
  const [a, b] = [baseline.environment, candidate.environment];
  mustEqual('the PostgreSQL version', a.postgres.version, b.postgres.version);
  mustEqual('the PostgreSQL configuration', a.postgres.settingsHash, b.postgres.settingsHash);
  mustEqual('the Node version', a.node, b.node);
  mustEqual('the processor', `${a.cpuCount} × ${a.cpuModel}`, `${b.cpuCount} × ${b.cpuModel}`);
  mustEqual('the commit of rushhour', a.tool.commit, b.tool.commit);
  refusals.push(...outcomeDifferences(baseline, candidate));
  return refusals;
}

/** What the two wrote and answered must be the same: a faster wrong answer is a failure. */
export function outcomeDifferences(baseline: RunRecord, candidate: RunRecord): string[] {
  const [a, b] = [baseline.outcome, candidate.outcome];
  if (!a || !b) return [];
  const differences: string[] = [];
  if (a.assignmentsDigest !== b.assignmentsDigest) {
    differences.push(
      `the assignments differ: ${a.assignments} by ${baseline.variant}, ${b.assignments} by ${candidate.variant}`,
    );
  }
  if (JSON.stringify(a.bookingStatuses) !== JSON.stringify(b.bookingStatuses)) {
    const words = (statuses: Record<string, number>) =>
      Object.entries(statuses)
        .map(([status, n]) => `${n} ${status}`)
        .join(', ');
    differences.push(`the bookings differ: ${words(a.bookingStatuses)} against ${words(b.bookingStatuses)}`);
  }
  for (const endpoint of Object.keys(a.responseShapes)) {
    if (a.responseShapes[endpoint] !== b.responseShapes[endpoint])
      differences.push(`the answer of ${endpoint} has another shape`);
  }
  return differences;
}
