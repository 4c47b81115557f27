/** k6 as a load generator: the open model, arrivals on schedule. */
import path from 'node:path';
import type { TrafficSchedule } from '../../scenarios/schedule.ts';
import { HarnessError } from '../errors.ts';
import type { LoadReport } from '../result.ts';
import { readGzipLines } from './gzip-lines.ts';
import { K6_FILES } from './k6-command.ts';
import { buildK6Report } from './k6-report.ts';
import {
  followsDispatches,
  type K6Order,
  type K6Program,
  type K6Run,
  loadK6Summary,
  presentK6Files,
  runK6Script,
} from './k6-run.ts';
import { type K6Samples, readK6Samples } from './k6-samples.ts';
import { runOwnScript } from './k6-script.ts';
import type { LoadGenerator } from './load-generator.ts';

/** @param script run instead of the script of the plan's scenario; it must export the same functions */
export function k6Generator(k6: K6Program, script?: URL): LoadGenerator {
  return {
    name: 'k6',
    version: async () => k6.version,
    run: async (request) => {
      const { plan } = request;
      if ('kind' in plan && plan.kind === 'script') return runOwnScript(k6, plan, request);
      const order = { ...request, plan };
      const run = await runK6Script(k6, script, order);
      return { report: await readReport(k6, order, run), cpuMs: run.end.cpuMs };
    },
  };
}

async function readReport(
  k6: K6Program,
  { plan, runFolder }: K6Order,
  { end, log, schedule }: K6Run,
): Promise<LoadReport> {
  const { samples, cut } = await loadSamples(path.join(runFolder, K6_FILES.samples), schedule);
  if (end.stoppedByUs && (samples?.tally.requests ?? 0) === 0) {
    throw new HarnessError('INTERRUPTED', 'k6 was stopped before it had measured a request.');
  }
  return buildK6Report({
    schedule,
    version: k6.version,
    samples,
    samplesCut: cut || end.killed,
    summary: await loadK6Summary(runFolder, plan),
    followsDispatches: followsDispatches(plan),
    log,
    interrupted: end.stoppedByUs,
    files: await presentK6Files(runFolder),
  });
}

async function loadSamples(file: string, schedule: TrafficSchedule) {
  const { lines, damage } = readGzipLines(file);
  let samples: K6Samples | null = null;
  try {
    samples = await readK6Samples(lines, schedule);
  } catch {
    // A header that is not ours: buildK6Report says that there are no samples.
  }
  const missing = (damage() as NodeJS.ErrnoException | null)?.code === 'ENOENT';
  return { samples: missing ? null : samples, cut: damage() !== null };
}
