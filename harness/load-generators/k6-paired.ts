/** k6 for several services at once: one script, each iteration at the target whose turn it is. */
import path from 'node:path';
import type { PairedEndpointPlan } from '../../scenarios/endpoint-traffic.ts';
import type { PairedTrafficPlan } from '../../scenarios/traffic-plan.ts';
import { HarnessError, messageOf } from '../errors.ts';
import type { LoadReport } from '../result.ts';
import { readGzipLines } from './gzip-lines.ts';
import { K6_FILES } from './k6-command.ts';
import { readPairedK6Samples } from './k6-paired-samples.ts';
import { buildK6Report, exceptionsLogged } from './k6-report.ts';
import {
  followsDispatches,
  type K6Program,
  type K6Run,
  loadK6Summary,
  presentK6Files,
  runK6Script,
} from './k6-run.ts';
import type { K6Samples } from './k6-samples.ts';
import { runOwnScriptAtEach } from './k6-script.ts';
import {
  checkPairedPlan,
  type PairedLoadGenerator,
  type PairedLoadRequest,
} from './paired-load-generator.ts';

/** @param script run instead of the script of the plan's scenario; it must export the same functions */
export function pairedK6Generator(k6: K6Program, script?: URL): PairedLoadGenerator {
  return {
    name: 'k6',
    version: async () => k6.version,
    run: async (request) => {
      checkPairedPlan(request.plan);
      const { plan } = request;
      if ('kind' in plan && plan.kind === 'script') return runOwnScriptAtEach(k6, plan, request);
      const order = { ...request, plan };
      const run = await runK6Script(k6, script, order);
      return { reports: await readReports(k6, order, run), cpuMs: run.end.cpuMs };
    },
  };
}

async function readReports(
  k6: K6Program,
  { plan, runFolder }: PairedLoadRequest & { readonly plan: PairedTrafficPlan | PairedEndpointPlan },
  run: K6Run,
): Promise<ReadonlyMap<string, LoadReport>> {
  const variants = plan.targets.map(({ name }) => name);
  const { samples, cut } = await loadSamples(path.join(runFolder, K6_FILES.samples), variants, run);
  if (run.end.stoppedByUs && [...samples.values()].some(({ tally }) => tally.requests === 0)) {
    throw new HarnessError('INTERRUPTED', 'k6 was stopped before it had measured a request at each target.');
  }
  const files = await presentK6Files(runFolder);
  const reports = [...samples].map(async ([variant, own]): Promise<[string, LoadReport]> => {
    const report = buildK6Report({
      schedule: run.schedule,
      version: k6.version,
      samples: own,
      samplesCut: cut || run.end.killed,
      summary: await loadK6Summary(runFolder, plan, variant),
      followsDispatches: followsDispatches(plan),
      log: run.log,
      exceptionsUncounted: exceptionsUncounted(samples, run),
      interrupted: run.end.stoppedByUs,
      files,
    });
    return [variant, report];
  });
  return new Map(await Promise.all(reports));
}

/** The log of k6 names no target, so an exception that the script did not count is one at each of them. */
function exceptionsUncounted(samples: ReadonlyMap<string, K6Samples>, { log, schedule }: K6Run): number {
  const counted = [...samples.values()].reduce((sum, { measured }) => sum + measured.exceptions, 0);
  return Math.max(0, exceptionsLogged(log, schedule) - counted);
}

/** Only the raw samples say which target a request went to, so nothing is left without them. */
async function loadSamples(file: string, variants: readonly string[], { schedule }: K6Run) {
  const { lines, damage } = readGzipLines(file);
  try {
    const samples = await readPairedK6Samples(lines, schedule, variants);
    return { samples, cut: damage() !== null };
  } catch (error) {
    const why = messageOf(damage() ?? error);
    throw new HarnessError('LOAD_GENERATOR_FAILED', `The raw samples of k6 cannot be read: ${why}.`, {
      cause: error,
      hint: `They should be in ${file}.`,
    });
  }
}
