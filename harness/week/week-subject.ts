import type pg from 'pg';
import type { ProfiledDispatch } from '../profiling/profiled-dispatches.ts';
import type { AskedAnswer } from '../service/asked-answers.ts';
import type { Offer } from '../targets/offer.ts';
import type { ServicePlace } from '../targets/target.ts';

/** What a week does to a service and its database beyond what every measurement does: see `Target` for that. */
export interface WeekSubject {
  /** Destroys rows as an accident would. @param client of a clone, outside of a transaction */
  damage(client: pg.Client): Promise<void>;
  /** Tables that apply writes. @param heard a dispatch of the first variant of which apply is accounted */
  appliedTables(heard: ProfiledDispatch): readonly string[];
  /**
   * Dispatches offers of a fresh database and asks about them: of equal databases two services have to answer the same.
   * @throws HarnessError DISPATCH_FAILED when a request is refused
   */
  askForAnswers(
    place: ServicePlace,
    offers: readonly Offer[],
    signal: AbortSignal,
  ): Promise<readonly AskedAnswer[]>;
}
