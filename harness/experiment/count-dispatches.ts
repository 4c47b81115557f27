import { describeEnvironment } from '../machine/environment.ts';
import { readRelationScans } from '../postgres/relation-scans.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import { whyNothingIsCounted } from '../postgres/statement-visibility.ts';
import type { Environment, RunRecord } from '../result.ts';
import type { Offer } from '../targets/offer.ts';
import { type FreshTargetOptions, withFreshTarget } from './fresh-target.ts';
import { probeDispatches } from './probe.ts';

export interface CountOptions {
  /** Of the dataset, in their order: the first are dispatched. */
  readonly offers: readonly Offer[];
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
  return withFreshTarget(target, async (fresh) => {
    const { service, database } = fresh;
    const identity = await target.target.identityOf(target.variant, options.signal);
    const environment = await withAdmin(server, database.name, (client) =>
      describeEnvironment(server, client, {
        target: identity,
        template: target.template,
        generators: { ...options.generators },
      }),
    );
    const offers = options.offers.slice(0, options.probe.warmUp + options.probe.dispatches);
    const oddities: string[] = [];
    const probe = await withAdmin(server, undefined, async (observer) => {
      const blind = await whyNothingIsCounted(observer);
      if (blind) return blind;
      return probeDispatches({ ...fresh, target: target.target }, observer, {
        offers,
        warmUp: options.probe.warmUp,
        signal: options.signal,
        onDispatch: (done) => options.onProgress(`${done} of ${offers.length}`),
        onOddity: (sentence) => oddities.push(sentence),
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
    const answers = await target.target.readAnswers(fresh, offers, options.signal);
    // A session tells what it scanned when it ends, so the service has to go first.
    await service.stop();
    const scans = await withAdmin(server, database.name, readRelationScans);
    const outcome = await target.target.readOutcome(fresh, offers, answers);
    return { environment, probe: { ...probe, scans }, outcome, warnings: oddities };
  });
}
