import type { DatasetShape } from '../../seed/profiles.ts';
import type { LoadGenerator } from '../load-generators/load-generator.ts';
import type { PostgresServer } from '../postgres/server.ts';
import type { Progress } from '../progress.ts';
import type { DatasetIdentity, Environment, MeasuredLoad, RunRecord } from '../result.ts';
import { recordEvent, writeRun } from '../store/result-folder.ts';
import type { Target } from '../targets/target.ts';
import { planAt, usefulGenerators } from '../targets/traffic.ts';
import { NO_CHANGES } from './arms.ts';
import { countDispatches } from './count-dispatches.ts';
import { withFreshTarget } from './fresh-target.ts';
import { measureLoad } from './measure-load.ts';
import { describeEnding, NOTHING_MEASURED, runRecord } from './run-record.ts';

/** What one run measures. */
export interface RunPlan {
  readonly scenario: string;
  readonly variant: string;
  readonly shape: DatasetShape;
  readonly probe: { readonly warmUp: number; readonly dispatches: number };
  readonly generators: readonly LoadGenerator[];
  /** Generators that were asked for and cannot run here, with the reason. */
  readonly skippedLoads: RunRecord['skippedLoads'];
  readonly durationFactor: number;
  readonly rateFactor: number;
  /** Failed requests ÷ requests above which a load is ended, 0–1. Default: that of the scenario. */
  readonly maxErrorRatio?: number | undefined;
  readonly randomSeed: number;
}

export interface RunContext {
  readonly target: Target;
  readonly server: PostgresServer;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Put before the title of each step, for example "pair 2/6". */
  readonly label?: string;
}

/** What is known so far; becomes the record whatever happens. */
interface Measured {
  dataset: DatasetIdentity | null;
  environment: Environment | null;
  probe: RunRecord['probe'];
  outcome: RunRecord['outcome'];
  loads: MeasuredLoad[];
  skippedLoads: RunRecord['skippedLoads'];
  warnings: string[];
}

/**
 * Measures one variant under one scenario: dispatches alone first, then each load generator, each on a fresh clone with
 * a fresh process. The record is written in any case; when the run broke off it says so and keeps what was measured.
 *
 * @throws HarnessError after writing, when the run was interrupted or failed.
 */
export async function runOnce(
  context: RunContext,
  plan: RunPlan,
  place: { id: string; folder: string },
): Promise<RunRecord> {
  const startedAt = new Date().toISOString();
  const measured: Measured = {
    dataset: null,
    environment: null,
    probe: null,
    outcome: null,
    loads: [],
    skippedLoads: [...plan.skippedLoads],
    warnings: [],
  };
  await recordEvent(place.folder, 'started', {
    scenario: plan.scenario,
    variant: plan.variant,
    shape: plan.shape,
  });
  let failure: unknown = null;
  try {
    await measureAll(context, plan, place.folder, measured);
    context.signal.throwIfAborted();
  } catch (error) {
    failure = error;
  }
  const ending = describeEnding(failure, context.signal);
  if (!measured.dataset || !measured.environment) throw ending.error; // nothing was measured: there is nothing to keep
  const { dataset, environment, ...rest } = measured;
  const record = runRecord(
    {
      id: place.id,
      startedAt,
      scenario: plan.scenario,
      variant: context.target.variantName(plan.variant),
      changes: NO_CHANGES,
      traffic: {
        durationFactor: plan.durationFactor,
        rateFactor: plan.rateFactor,
        randomSeed: plan.randomSeed,
      },
      dataset,
      environment,
    },
    { ...NOTHING_MEASURED, ...rest },
    ending,
  );
  await writeRun(place.folder, record);
  if (ending.error) throw ending.error;
  return record;
}

async function measureAll(
  context: RunContext,
  plan: RunPlan,
  folder: string,
  measured: Measured,
): Promise<void> {
  const { server, signal } = context;
  const step = <T>(title: string, work: (update: (detail: string) => void) => Promise<T>) =>
    context.progress.step([context.label, plan.variant, title].filter(Boolean).join(' · '), work);

  const { variant, shape } = plan;
  const dataset = await context.target.prepareDataset(server, {
    variant,
    shape,
    signal,
    onProgress: () => {},
  });
  measured.dataset = dataset.identity;
  const notes = [...(dataset.notes ?? [])];
  const target = { server, target: context.target, template: dataset.template, variant, signal };

  await step('dispatches alone', async (onProgress) => {
    const counted = await countDispatches(server, target, {
      offers: dataset.offers,
      probe: plan.probe,
      generators: await generatorVersions(plan.generators),
      signal,
      onProgress,
    });
    measured.environment = counted.environment;
    measured.probe = counted.probe;
    measured.outcome = counted.outcome;
    measured.warnings = [...notes, ...counted.warnings];
    await recordEvent(folder, 'probed', { probe: counted.probe, outcome: counted.outcome });
  });

  const traffic = context.target.trafficOf({ ...plan, offers: dataset.offers });
  const { useful, skipped } = usefulGenerators(traffic, plan.generators);
  measured.skippedLoads.push(...skipped);
  for (const generator of useful) {
    if (traffic === null) continue;
    await step(`${generator.name} load`, async (update) => {
      const { load, ended } = await withFreshTarget(target, async (fresh) =>
        measureLoad(server, fresh, {
          generator,
          request: {
            plan: planAt(traffic, fresh.service.baseUrl),
            loginPassword: traffic.loginPassword,
            identities: [await traffic.logIn({ ...fresh, server }, signal)],
            runFolder: folder,
            signal,
            onProgress: (progress) => update(describeProgress(progress)),
          },
          errorLimit: traffic.errorLimit,
          judge: traffic.judge,
          onReading: (reading) => context.progress.reading?.(reading),
        }),
      );
      measured.loads.push(load);
      await recordEvent(folder, 'loaded', {
        generator: generator.name,
        requests: load.report.requests,
        errors: load.report.errors,
      });
      if (ended !== null) throw ended;
    });
  }
}

export async function generatorVersions(
  generators: readonly Pick<LoadGenerator, 'name' | 'version'>[],
): Promise<Record<string, string>> {
  const entries = await Promise.all(
    generators.map(async (generator) => [generator.name, await generator.version()] as const),
  );
  return Object.fromEntries(entries);
}

function describeProgress(progress: {
  elapsedMs: number;
  totalMs: number | null;
  requests: number | null;
  note?: string;
}): string {
  const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
  const time =
    progress.totalMs === null
      ? seconds(progress.elapsedMs)
      : `${seconds(progress.elapsedMs)} of ${seconds(progress.totalMs)}`;
  const requests = progress.requests === null ? '' : `, ${progress.requests.toLocaleString('en')} requests`;
  return `${time}${requests}${progress.note ? `, ${progress.note}` : ''}`;
}
