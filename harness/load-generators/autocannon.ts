/** autocannon as a load generator: closed-loop saturation of single endpoints, in a process of its own. */
import path from 'node:path';
import { ENDPOINTS } from '../../scenarios/endpoints.ts';
import { type ProbeSchedule, planProbes } from '../../scenarios/probe-levels.ts';
import { findPlanFaults } from '../../scenarios/schedule.ts';
import type { SaturationProbe } from '../../scenarios/workloads.ts';
import { HarnessError } from '../errors.ts';
import { autocannonVersion, driveAutocannon } from './autocannon-process.ts';
import { buildProbeReport } from './autocannon-report.ts';
import { readProbeSamples } from './autocannon-samples.ts';
import { readGzipLines } from './gzip-lines.ts';
import type { LoadGenerator, LoadOutcome, LoadRequest } from './load-generator.ts';

const SAMPLES_FILE = 'autocannon-samples.csv.gz';

/** @param probes what to measure; those of the plan's scenario unless told */
export function autocannonGenerator(probes?: readonly SaturationProbe[]): LoadGenerator {
  const version = autocannonVersion();
  return {
    name: 'autocannon',
    version: async () => version,
    run: (request) => runProbes(request, version, probes),
  };
}

async function runProbes(
  request: LoadRequest,
  version: string,
  probes: readonly SaturationProbe[] | undefined,
): Promise<LoadOutcome> {
  if (request.signal.aborted) {
    throw new HarnessError('INTERRUPTED', 'autocannon was not started: the run was stopped.');
  }
  const { plan } = request;
  if ('kind' in plan && plan.kind === 'script') throw noScripts();
  const faults = findPlanFaults(plan);
  if (faults.length > 0) {
    throw new HarnessError('BAD_OPTION', `The traffic plan cannot be driven: ${faults.join('; ')}`);
  }
  const schedule = planProbes(plan, probes);
  const samplesFile = path.resolve(request.runFolder, SAMPLES_FILE);
  const finished = await driveAutocannon({
    job: { kind: 'probes', plan, levels: schedule.levels, samplesFile },
    order: request,
    totalMs: plannedMs(schedule),
  });
  const samples = await readProbeSamples(readGzipLines(samplesFile).lines, ENDPOINTS.dispatchAndWait.name);
  const interrupted = finished?.stopped ?? true;
  if (interrupted && samples.tally.requests === 0) {
    throw new HarnessError('INTERRUPTED', 'autocannon was stopped before it had measured a request.');
  }
  const report = buildProbeReport({
    schedule,
    version,
    samples,
    accounts: finished?.accounts ?? [],
    interrupted,
    files: [SAMPLES_FILE],
  });
  return { report, cpuMs: finished?.cpuMs ?? null };
}

/** For whoever gives autocannon a script. */
export function noScripts(): HarnessError {
  return new HarnessError('BAD_OPTION', "A k6 script of one's own cannot be run by autocannon.", {
    hint: 'Use --generator k6.',
  });
}

/** `null` as soon as one level takes as long as the service needs. */
function plannedMs({ levels }: ProbeSchedule): number | null {
  return levels.reduce<number | null>(
    (sum, { length }) =>
      sum === null || 'requests' in length ? null : sum + (length.warmUpSeconds + length.seconds) * 1000,
    0,
  );
}
