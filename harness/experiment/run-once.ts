import type { ScenarioName } from '../../scenarios/traffic-plan.ts';
import { companyDays, type DatasetShape, SEED_PASSWORD } from '../../seed/profiles.ts';
import { parseVariant } from '../../target/variants.ts';
import { HarnessError, messageOf } from '../errors.ts';
import type { LoadGenerator } from '../load-generators/load-generator.ts';
import { judgeThresholds } from '../load-generators/thresholds.ts';
import { describeEnvironment } from '../machine/environment.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import { canCountStatements } from '../postgres/statement-stats.ts';
import type { Progress } from '../progress.ts';
import type { DatasetIdentity, Environment, MeasuredLoad, RunRecord } from '../result.ts';
import { readOutcome } from '../service/outcome.ts';
import { recordEvent, writeRun } from '../store/result-folder.ts';
import { prepareDataset } from './dataset.ts';
import { withFreshTarget } from './fresh-target.ts';
import { measureLoad } from './measure-load.ts';
import { probeDispatches } from './probe.ts';
import { trafficPlan } from './traffic.ts';

/** What one run measures. */
export interface RunPlan {
  readonly scenario: ScenarioName;
  readonly variant: string;
  readonly shape: DatasetShape;
  readonly probe: { readonly warmUp: number; readonly dispatches: number };
  readonly generators: readonly LoadGenerator[];
  /** Generators that were asked for and cannot run here, with the reason. */
  readonly skippedLoads: RunRecord['skippedLoads'];
  readonly durationFactor: number;
  readonly rateFactor: number;
  readonly randomSeed: number;
}

export interface RunContext {
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
  const record: RunRecord = {
    schema: 'rushhour.run/1',
    id: place.id,
    state: ending.state,
    failure: ending.error?.message ?? null,
    startedAt,
    endedAt: new Date().toISOString(),
    scenario: plan.scenario,
    variant: parseVariant(plan.variant).name,
    traffic: {
      durationFactor: plan.durationFactor,
      rateFactor: plan.rateFactor,
      randomSeed: plan.randomSeed,
    },
    dataset: measured.dataset,
    environment: measured.environment,
    probe: measured.probe,
    loads: measured.loads,
    skippedLoads: [...plan.skippedLoads],
    outcome: measured.outcome,
    warnings: measured.warnings,
  };
  await writeRun(place.folder, record);
  if (ending.error) throw ending.error;
  return record;
}

function describeEnding(
  failure: unknown,
  signal: AbortSignal,
): { state: RunRecord['state']; error: HarnessError | null } {
  if (signal.aborted) {
    return {
      state: 'interrupted',
      error: new HarnessError('INTERRUPTED', 'The run was interrupted.', { cause: failure }),
    };
  }
  if (failure === null) return { state: 'complete', error: null };
  const error =
    failure instanceof HarnessError
      ? failure
      : new HarnessError('INTERNAL', messageOf(failure), { cause: failure });
  return { state: 'failed', error };
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

  const { indexes } = parseVariant(plan.variant).switches;
  const dataset = await prepareDataset(server, { shape: plan.shape, indexes, signal, onProgress: () => {} });
  measured.dataset = dataset.identity;
  const target = { server, template: dataset.template, variant: plan.variant, signal };

  await step('dispatches alone', async (update) => {
    await withFreshTarget(target, async (fresh) => {
      const versions = await generatorVersions(plan.generators);
      measured.environment = await withAdmin(server, fresh.database.name, (client) =>
        describeEnvironment(server, client, { template: dataset.template, generators: versions }),
      );
      const days = companyDays(plan.shape).slice(0, plan.probe.warmUp + plan.probe.dispatches);
      await withAdmin(server, undefined, async (observer) => {
        if (!(await canCountStatements(observer))) {
          measured.warnings.push(
            'Statements were not counted, and so no dispatch was probed alone: the database of --server has no pg_stat_statements. Preload it on that server and create the extension there.',
          );
          return;
        }
        measured.probe = await probeDispatches(fresh, observer, {
          companyDays: days,
          warmUp: plan.probe.warmUp,
          signal,
          onDispatch: (done) => update(`${done} of ${days.length}`),
        });
        measured.outcome = await readOutcome(
          server,
          fresh.database.name,
          fresh.service.baseUrl,
          days,
          signal,
        );
      });
    });
    await recordEvent(folder, 'probed', { probe: measured.probe, outcome: measured.outcome });
  });

  for (const generator of plan.generators) {
    await step(`${generator.name} load`, async (update) => {
      const load = await withFreshTarget(target, (fresh) =>
        measureLoad(server, fresh, {
          generator,
          request: {
            plan: trafficPlan(plan, fresh.service.baseUrl),
            loginPassword: SEED_PASSWORD,
            runFolder: folder,
            signal,
            onProgress: (progress) => update(describeProgress(progress)),
          },
          judge: (report) => judgeThresholds(report, plan.scenario),
        }),
      );
      measured.loads.push(load);
      await recordEvent(folder, 'loaded', {
        generator: generator.name,
        requests: load.report.requests,
        errors: load.report.errors,
      });
    });
  }
}

async function generatorVersions(generators: readonly LoadGenerator[]): Promise<Record<string, string>> {
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
