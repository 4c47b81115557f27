import { offerKeyOf } from '../offer-key.ts';
import type { RunRecord } from '../result.ts';

/** What stays the same whatever is measured: machine, server, tool, and the traffic that was asked for. */
const GROUND: readonly { readonly what: string; readonly of: (run: RunRecord) => unknown }[] = [
  { what: 'the target', of: targetOf },
  { what: 'the scenario', of: ({ scenario }) => scenario },
  { what: 'the length of the load', of: ({ traffic }) => traffic.durationFactor },
  { what: 'the rate of the load', of: ({ traffic }) => traffic.rateFactor },
  { what: 'the PostgreSQL version', of: ({ environment }) => environment.postgres.version },
  { what: 'the PostgreSQL configuration', of: ({ environment }) => environment.postgres.settingsHash },
  { what: 'the Node version', of: ({ environment }) => environment.node },
  { what: 'the processor', of: processorOf },
  { what: 'the commit of rushhour', of: ({ environment }) => environment.tool.commit },
];

/**
 * Why two runs of an experiment may not be compared at all; empty when they may. The variants are meant to differ; what
 * was given to them and what they answered is not.
 */
export function refusalsBetween(baseline: RunRecord, candidate: RunRecord): string[] {
  return [
    ...unfitRuns([baseline, candidate], (run) => run.variant),
    ...GROUND.flatMap(({ what, of }) => differing(what, of(baseline), of(candidate))),
    ...datasetDifferences(baseline, candidate),
    ...outcomeDifferences(baseline, candidate),
  ];
}

/** Those of {@link refusalsBetween} that no variant is to blame for: what both stood on has changed between them. */
export function groundRefusals(refusals: readonly string[]): string[] {
  return refusals.filter((refusal) => GROUND.some(({ what }) => refusal.startsWith(`${what} differs: `)));
}

/**
 * Why the exact counters of two stored runs may not be compared; empty when they may. Day, machine and load do not
 * matter to them: equal rows, equal server and equal dispatches give equal counts.
 */
export function countRefusals(baseline: RunRecord, candidate: RunRecord): string[] {
  const [a, b] = [baseline.environment.postgres, candidate.environment.postgres];
  const unequalWork = [
    ...datasetDifferences(baseline, candidate),
    ...dispatchDifferences(baseline, candidate),
  ];
  return [
    ...unfitRuns([baseline, candidate], (run) => run.id),
    ...differing('the target', targetOf(baseline), targetOf(candidate)),
    ...[baseline, candidate].flatMap((run) =>
      run.probe ? [] : [`no dispatch of ${run.id} was counted alone`],
    ),
    ...unequalWork,
    ...differing('the major version of PostgreSQL', majorVersion(a.version), majorVersion(b.version)),
    ...differing('the PostgreSQL configuration', a.settingsHash, b.settingsHash),
    // Other work has other outcomes, which says nothing about the service.
    ...(unequalWork.length === 0 ? outcomeDifferences(baseline, candidate) : []),
  ];
}

/** Why the times of two stored runs could not be compared either, besides {@link countRefusals}. */
export function timeRefusals(baseline: RunRecord, candidate: RunRecord): string[] {
  const [a, b] = [baseline.environment, candidate.environment];
  return [
    ...differing('the machine', machineOf(baseline), machineOf(candidate)),
    ...differing('the day', baseline.startedAt.slice(0, 10), candidate.startedAt.slice(0, 10)),
    ...differing('the Node version', a.node, b.node),
    ...differing('the PostgreSQL version', a.postgres.version, b.postgres.version),
    ...differing('the commit of rushhour', a.tool.commit, b.tool.commit),
    ...[baseline, candidate].flatMap((run) =>
      run.environment.tool.dirty ? [`${run.id} was measured with changes that are in no commit`] : [],
    ),
    ...trafficDifferences(baseline, candidate),
    ...differing('the random seed of the traffic', baseline.traffic.randomSeed, candidate.traffic.randomSeed),
    ...[baseline, candidate].flatMap(loadFailures),
  ];
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
  const reshaped = Object.keys(a.responseShapes).filter(
    (endpoint) => a.responseShapes[endpoint] !== b.responseShapes[endpoint],
  );
  differences.push(...reshaped.map((endpoint) => `the answer of ${endpoint} has another shape`));
  // One digest over all of them; where a shape differs, it must.
  if (reshaped.length === 0 && a.answersDigest !== b.answersDigest)
    differences.push(`what ${Object.keys(a.responseShapes).join(' or ')} answered differs`);
  return differences;
}

function differing(what: string, a: unknown, b: unknown): string[] {
  return a === b ? [] : [`${what} differs: ${a} against ${b}`];
}

function unfitRuns(runs: readonly RunRecord[], nameOf: (run: RunRecord) => string): string[] {
  return runs.flatMap((run) => [
    ...(run.state === 'complete' ? [] : [`the run of ${nameOf(run)} is ${run.state}`]),
    ...(run.probe?.contaminated
      ? [`something else used the database of ${nameOf(run)} while it was probed`]
      : []),
  ]);
}

function trafficDifferences(baseline: RunRecord, candidate: RunRecord): string[] {
  return [
    ...differing('the scenario', baseline.scenario, candidate.scenario),
    ...differing('the length of the load', baseline.traffic.durationFactor, candidate.traffic.durationFactor),
    ...differing('the rate of the load', baseline.traffic.rateFactor, candidate.traffic.rateFactor),
  ];
}

function datasetDifferences({ dataset: a }: RunRecord, { dataset: b }: RunRecord): string[] {
  if (a.digest === b.digest) return [];
  const describe = ({ profile, randomSeed, digest }: RunRecord['dataset']) =>
    `${profile} of random seed ${randomSeed} (${digest.slice(0, 12)})`;
  return [`the dataset differs: ${describe(a)} against ${describe(b)}`];
}

/** A company-day is not like another: other bookings, other drivers, other counts. */
function dispatchDifferences({ probe: a }: RunRecord, { probe: b }: RunRecord): string[] {
  if (!a || !b) return [];
  const numbers = ({ dispatches, warmUpDispatches }: typeof a) =>
    `${dispatches.length} after ${warmUpDispatches} of warm-up`;
  if (numbers(a) !== numbers(b)) return differing('the number of dispatches alone', numbers(a), numbers(b));
  const days = ({ dispatches }: typeof a) => dispatches.map(offerKeyOf);
  return differing('the list of what was dispatched', days(a).join(' '), days(b).join(' '));
}

function loadFailures(run: RunRecord): string[] {
  return run.loads.flatMap(({ report }) => {
    const failed = report.errors + report.exceptions + report.mismatches + report.droppedIterations;
    return failed === 0
      ? []
      : [`the ${report.generator} load of ${run.id} had errors or dropped iterations (${failed})`];
  });
}

function majorVersion(version: string): string {
  return version.split('.')[0] ?? version;
}

/** Before there were configs there was one target. */
function targetOf({ environment }: RunRecord): string {
  return environment.target?.name ?? 'reference';
}

function processorOf({ environment }: RunRecord): string {
  return `${environment.cpuCount} × ${environment.cpuModel}`;
}

function machineOf(run: RunRecord): string {
  return `${processorOf(run)} (${run.environment.machine})`;
}
