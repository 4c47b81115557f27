import type { DatasetShape } from '../../seed/profiles.ts';
import { companyDays } from '../../seed/profiles.ts';
import { describeEnvironment } from '../machine/environment.ts';
import { readRelationScans } from '../postgres/relation-scans.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import { whyNothingIsCounted } from '../postgres/statement-visibility.ts';
import type { Environment, RunRecord } from '../result.ts';
import { readAnswers, readOutcome } from '../service/outcome.ts';
import { type FreshTargetOptions, withFreshTarget } from './fresh-target.ts';
import { probeDispatches } from './probe.ts';

export interface CountOptions {
  readonly shape: DatasetShape;
  readonly probe: { readonly warmUp: number; readonly dispatches: number };
  /** Versions of the load generators that run afterwards, for the record. */
  readonly generators: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onProgress: (detail: string) => void;
}

export type CountedDispatches = Pick<RunRecord, 'probe' | 'outcome' | 'warnings'> & {
  readonly environment: Environment;
};

/** Dispatches alone on a fresh target: what each costs the database, exactly, and what they wrote and answered. */
export async function countDispatches(
  server: PostgresServer,
  target: FreshTargetOptions,
  options: CountOptions,
): Promise<CountedDispatches> {
  return withFreshTarget(target, async ({ service, database }) => {
    const environment = await withAdmin(server, database.name, (client) =>
      describeEnvironment(server, client, {
        template: target.template,
        generators: { ...options.generators },
      }),
    );
    const days = companyDays(options.shape).slice(0, options.probe.warmUp + options.probe.dispatches);
    const probe = await withAdmin(server, undefined, async (observer) => {
      const blind = await whyNothingIsCounted(observer);
      if (blind) return blind;
      return probeDispatches({ service, database }, observer, {
        companyDays: days,
        warmUp: options.probe.warmUp,
        signal: options.signal,
        onDispatch: (done) => options.onProgress(`${done} of ${days.length}`),
      });
    });
    if (typeof probe === 'string') {
      return {
        environment,
        probe: null,
        outcome: null,
        warnings: [`No dispatch was probed alone. ${probe}`],
      };
    }
    const answers = await readAnswers(service.baseUrl, days, options.signal);
    // A session tells what it scanned when it ends, so the service has to go first.
    await service.stop();
    const scans = await withAdmin(server, database.name, readRelationScans);
    const outcome = await readOutcome(server, database.name, days, answers);
    return { environment, probe: { ...probe, scans }, outcome, warnings: [] };
  });
}
