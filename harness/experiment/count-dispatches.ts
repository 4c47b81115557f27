import type { DatasetShape } from '../../seed/profiles.ts';
import { companyDays } from '../../seed/profiles.ts';
import { describeEnvironment } from '../machine/environment.ts';
import { readRelationScans } from '../postgres/relation-scans.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import { canCountStatements } from '../postgres/statement-stats.ts';
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

/** Why nothing is counted on a server without the extension. */
const UNCOUNTED =
  'Statements were not counted, and so no dispatch was probed alone: the database of --server has no pg_stat_statements. Preload it on that server and create the extension there.';

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
    const probe = await withAdmin(server, undefined, async (observer) =>
      (await canCountStatements(observer))
        ? probeDispatches({ service, database }, observer, {
            companyDays: days,
            warmUp: options.probe.warmUp,
            signal: options.signal,
            onDispatch: (done) => options.onProgress(`${done} of ${days.length}`),
          })
        : null,
    );
    if (!probe) return { environment, probe: null, outcome: null, warnings: [UNCOUNTED] };
    const answers = await readAnswers(service.baseUrl, days, options.signal);
    // A session tells what it scanned when it ends, so the service has to go first.
    await service.stop();
    const scans = await withAdmin(server, database.name, readRelationScans);
    const outcome = await readOutcome(server, database.name, days, answers);
    return { environment, probe: { ...probe, scans }, outcome, warnings: [] };
  });
}
