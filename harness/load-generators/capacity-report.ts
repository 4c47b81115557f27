/** Samples of capacity slices → a load report for each target. Pure. */
import { median } from 'simple-statistics';
import type { CapacityLevel } from '../../scenarios/capacity.ts';
import type { LoadPhase, LoadReport } from '../result.ts';
import type { LevelAccount } from './autocannon-job.ts';
import { accountWarnings } from './autocannon-report.ts';
import { joinLevels, type ProbeSample } from './autocannon-samples.ts';
import type { PhasePlan } from './load-tally.ts';
import { rateLimitWarnings } from './rate-limited.ts';

/** One slice as it went. */
export interface MeasuredSlice {
  readonly variant: string;
  readonly level: string;
  readonly endpoint: string;
  readonly connections: number;
  /** Counts the slices of this variant at this level, from 1. */
  readonly slice: number;
  /** Place among the slices of all variants at this level, from 1. */
  readonly position: number;
  readonly requests: number;
  readonly errors: number;
  /** First request sent → last answer. */
  readonly durationMs: number;
  /** Requests answered without error per second. */
  readonly throughputPerSecond: number;
}

export interface CapacityEvidence {
  readonly levels: readonly CapacityLevel[];
  /** Names of the targets, by their number. */
  readonly variants: readonly string[];
  readonly version: string;
  /** By the name of the slice. */
  readonly samples: ReadonlyMap<string, readonly ProbeSample[]>;
  /** Of the slices that ended; a child that was killed leaves none. */
  readonly accounts: readonly LevelAccount[];
  readonly interrupted: boolean;
  readonly files: readonly string[];
}

/** The slices that measured something, in the order they ran. */
export function measureSlices({ levels, variants, samples }: CapacityEvidence): MeasuredSlice[] {
  return levels.flatMap((level) =>
    level.slices.flatMap(({ name, target, round }, index) => {
      const own = samples.get(name);
      if (own === undefined) return [];
      const errors = own.filter(({ end }) => end !== 'ok').length;
      const firstSentMs = Math.min(...own.map(({ sentAtMs }) => sentAtMs));
      const lastEndMs = Math.max(...own.map(({ sentAtMs, durationMs }) => sentAtMs + durationMs));
      const durationMs = lastEndMs - firstSentMs;
      return {
        variant: variants[target] ?? '',
        level: level.name,
        endpoint: level.endpointName,
        connections: level.connections,
        slice: round + 1,
        position: index + 1,
        requests: own.length,
        errors,
        durationMs,
        throughputPerSecond: durationMs === 0 ? 0 : ((own.length - errors) / durationMs) * 1000,
      };
    }),
  );
}

/**
 * A phase for each level. Its throughput is the median of its slices, which one pause of the machine does not move; the
 * rest is of all its requests together.
 */
export function buildCapacityReport(evidence: CapacityEvidence, variant: string): LoadReport {
  const { levels, variants, samples, accounts } = evidence;
  const ownSlices = levels.flatMap((level) =>
    level.slices.filter(({ target }) => variants[target] === variant).map(({ name }) => ({ name, level })),
  );
  const levelOf = new Map(ownSlices.map(({ name, level }) => [name, level.name]));
  const ownSamples = [...samples].filter(([name]) => levelOf.has(name));
  const { tally, spans } = joinLevels(new Map(ownSamples), (name) => levelOf.get(name) ?? '');
  const measured = measureSlices(evidence).filter((slice) => slice.variant === variant);
  const phases = levels.flatMap((level): PhasePlan[] => {
    const own = level.slices.flatMap(({ name, target }) =>
      variants[target] === variant ? (spans.get(name) ?? []) : [],
    );
    const [first] = own;
    if (first === undefined) return [];
    return [
      {
        name: level.name,
        startSeconds: first.startSeconds,
        durationSeconds: own.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0),
        targetRatePerSecond: null,
        concurrency: level.connections,
        endpoint: level.endpointName,
      },
    ];
  });
  const load = tally.finish(phases);
  const ownAccounts = accounts.filter(({ name }) => levelOf.has(name));
  const cutOff = ownAccounts.reduce((sum, { inFlightAtStop }) => sum + inFlightAtStop, 0);
  return {
    generator: 'autocannon',
    generatorVersion: evidence.version,
    model: 'closed',
    ...load,
    phases: load.phases.map((phase) => withMedian(phase, measured)),
    droppedIterations: 0,
    interruptedIterations: evidence.interrupted ? cutOff : 0,
    exceptions: 0,
    dispatches: { started: 0, completed: 0, failed: 0, unfinished: 0, timeToCompleteMs: null },
    files: [...evidence.files],
    warnings: [
      ...(evidence.interrupted
        ? ['autocannon was stopped before its end: this is what it had measured']
        : []),
      ...ownAccounts.flatMap(accountWarnings),
      ...rateLimitWarnings(load),
    ],
  };
}

function withMedian(phase: LoadPhase, slices: readonly MeasuredSlice[]): LoadPhase {
  const own = slices.filter(({ level }) => level === phase.name);
  return { ...phase, throughputPerSecond: median(own.map(({ throughputPerSecond }) => throughputPerSecond)) };
}

/** The slices as CSV, header first. No cell holds a comma: names of targets may not. */
export function slicesCsv(slices: readonly MeasuredSlice[]): string {
  const header =
    'variant,endpoint,connections,slice,position,requests,errors,duration_ms,throughput_per_second';
  const lines = slices.map((one) =>
    [
      one.variant,
      one.endpoint,
      one.connections,
      one.slice,
      one.position,
      one.requests,
      one.errors,
      one.durationMs.toFixed(3),
      one.throughputPerSecond.toFixed(3),
    ].join(','),
  );
  return `${[header, ...lines].join('\n')}\n`;
}
