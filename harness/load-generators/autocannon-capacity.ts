/** Slices of capacity, run one after the other at targets that are all up; part of the process that runs autocannon. */
import { type CapacityLevel, sizeSlices } from '../../scenarios/capacity.ts';
import type { CapacityJob, LevelAccount } from './autocannon-job.ts';
import { type LevelResult, type Recording, runLevel } from './autocannon-level.ts';
import type { RequestEnd } from './load-tally.ts';
import { openProbeSource, type ProbeSecrets, type ProbeSource, type SentRequest } from './probe-source.ts';

const WARM_UP = 'warm-up';

/** One target at one level. */
interface Lane {
  /** Number of the target. */
  readonly target: number;
  readonly baseUrl: string;
  nextRequest(): SentRequest;
  judge(status: number, body: string): RequestEnd;
}

/** Before each level every target is warmed up, which also tells how many requests its slices take. */
export async function runCapacity(
  job: CapacityJob,
  secretsOf: (target: number) => ProbeSecrets,
  recording: Recording,
): Promise<LevelAccount[]> {
  const { plan, levels } = job;
  const sources: ProbeSource[] = [];
  for (const [target, { baseUrl }] of plan.targets.entries())
    sources.push(await openProbeSource({ ...plan, baseUrl }, [], secretsOf(target)));
  const accounts: LevelAccount[] = [];
  for (const level of levels) {
    // Lanes of their own for the measured slices: the warm-up takes more requests at a fast target.
    const [warmUpLanes, lanes] = [openLanes(job, level, sources), openLanes(job, level, sources)];
    const rates: number[] = [];
    for (const { target } of level.slices.filter(({ round }) => round === 0)) {
      rates[target] = await warmUp(level, warmUpLanes[target] as Lane, recording);
    }
    const sizes = sizeSlices(rates, level);
    for (const { name, target } of level.slices) {
      if (recording.signal.aborted) return accounts;
      recording.onBegin(name);
      const slice = { name, requests: sizes[target] ?? level.connections };
      const { account, samples } = await drive(level, lanes[target] as Lane, slice, recording);
      await recording.keep(samples);
      accounts.push(account);
    }
  }
  return accounts;
}

/** By the number of the target. Equal numbers of requests are equal requests at every target. */
function openLanes(
  { plan }: CapacityJob,
  { endpoint }: CapacityLevel,
  sources: readonly ProbeSource[],
): Lane[] {
  const level = { endpoint, companyDays: [] };
  return plan.targets.map(({ baseUrl }, target) => {
    const source = sources[target] as ProbeSource;
    return {
      ...{ target, baseUrl },
      nextRequest: source.requestsOf(level),
      judge: (status, body) => source.judge(level, status, body),
    };
  });
}

/**
 * Answers per second, from ever more requests until they take half of a slice, twice: the first time may only show how long
 * a cold target takes. The best rate counts, since others on the machine can only make it worse.
 */
async function warmUp(level: CapacityLevel, lane: Lane, recording: Recording): Promise<number> {
  recording.onBegin(`${level.name}, warm-up`);
  let requests = 2 * level.connections;
  let bestRate = 0;
  for (let longEnough = 0; ; ) {
    const { account, samples } = await drive(level, lane, { name: WARM_UP, requests }, recording);
    if (samples.length === 0) return bestRate;
    const firstSentMs = Math.min(...samples.map(({ sentAtMs }) => sentAtMs));
    const lastEndMs = Math.max(...samples.map(({ sentAtMs, durationMs }) => sentAtMs + durationMs));
    const seconds = (lastEndMs - firstSentMs) / 1000;
    bestRate = Math.max(bestRate, samples.length / seconds);
    if (seconds >= level.sliceSeconds / 2) longEnough += 1;
    else requests *= 4;
    if (longEnough === 2 || account.gaveUp || recording.signal.aborted) return bestRate;
  }
}

function drive(
  level: CapacityLevel,
  lane: Lane,
  { name, requests }: { name: string; requests: number },
  { signal, onEnd, onMeasured }: Recording,
): Promise<LevelResult> {
  const { endpoint, endpointName, connections, timeoutSeconds } = level;
  return runLevel({
    level: {
      ...{ name, endpoint, endpointName, connections, timeoutSeconds },
      ...{ length: { requests }, companyDays: [] },
    },
    ...lane,
    signal,
    onEnd: (end) => onEnd(lane.target, end),
    ...(name === WARM_UP ? {} : { onMeasured }),
  });
}
