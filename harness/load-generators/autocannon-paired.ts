/** autocannon for several services at once: what each can answer, in exclusive slices that alternate between them. */
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { planCapacity } from '../../scenarios/capacity.ts';
import { findPlanFaults } from '../../scenarios/schedule.ts';
import { HarnessError } from '../errors.ts';
import { writing } from '../store/writing.ts';
import { noScripts } from './autocannon.ts';
import { autocannonVersion, driveAutocannon } from './autocannon-process.ts';
import { readLevels } from './autocannon-samples.ts';
import { buildCapacityReport, measureSlices, slicesCsv } from './capacity-report.ts';
import { readGzipLines } from './gzip-lines.ts';
import {
  checkPairedPlan,
  type PairedLoadGenerator,
  type PairedLoadOutcome,
  type PairedLoadRequest,
} from './paired-load-generator.ts';

/** Files of a run, in its folder. */
const FILES = { samples: 'capacity-samples.csv.gz', slices: 'capacity-slices.csv' } as const;

/** @param slices of each target at each level; see {@link planCapacity} for the default */
export function pairedAutocannonGenerator(slices?: number): PairedLoadGenerator {
  const version = autocannonVersion();
  return {
    name: 'autocannon',
    version: async () => version,
    run: (request) => runSlices(request, version, slices),
  };
}

async function runSlices(
  request: PairedLoadRequest,
  version: string,
  slices: number | undefined,
): Promise<PairedLoadOutcome> {
  const { plan } = request;
  if (request.signal.aborted) {
    throw new HarnessError('INTERRUPTED', 'autocannon was not started: the run was stopped.');
  }
  if ('kind' in plan && plan.kind === 'script') throw noScripts();
  checkPairedPlan(plan);
  const faults = findPlanFaults(plan);
  if (faults.length > 0) {
    throw new HarnessError('BAD_OPTION', `The traffic plan cannot be driven: ${faults.join('; ')}`);
  }
  const variants = plan.targets.map(({ name }) => name);
  const levels = planCapacity(plan, variants, slices);
  const inFolder = (file: string) => path.resolve(request.runFolder, file);
  const samplesFile = inFolder(FILES.samples);
  await rm(samplesFile, { force: true }); // the child appends
  const finished = await driveAutocannon({
    job: { kind: 'capacity', plan, levels, samplesFile },
    order: request,
    totalMs: null,
  });
  const evidence = {
    levels,
    variants,
    version,
    samples: await readLevels(readGzipLines(samplesFile).lines),
    accounts: finished?.accounts ?? [],
    interrupted: finished?.stopped ?? true,
    files: Object.values(FILES),
  };
  const measured = measureSlices(evidence);
  if (evidence.interrupted && variants.some((name) => !measured.some(({ variant }) => variant === name))) {
    throw new HarnessError('INTERRUPTED', 'autocannon was stopped before it had measured each target.');
  }
  await writing(inFolder(FILES.slices), () => writeFile(inFolder(FILES.slices), slicesCsv(measured)));
  const reports = new Map(variants.map((variant) => [variant, buildCapacityReport(evidence, variant)]));
  return { reports, cpuMs: finished?.cpuMs ?? null };
}
