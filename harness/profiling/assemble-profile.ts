import { mean } from 'simple-statistics';
import { DISPATCH_UNIT } from '../capture/unit-of-work.ts';
import { sumCounters } from '../postgres/statement-stats.ts';
import type { ProfiledDispatchRecord, ProfileRecord } from '../profile-record.ts';
import { growthRecord } from './growth-record.ts';
import { type GrowthSample, heardUse } from './growth-sample.ts';
import type { Sizes } from './judgement.ts';
import type { MeasuredProfile, ProfilePlan } from './measure-profile.ts';
import type { ProfiledDispatch } from './profiled-dispatches.ts';
import { accountDifferences } from './statement-account.ts';
import { timeShareOf } from './time-share.ts';

/** The record of a profile that was measured to its end. The statement parser must have been loaded. */
export function assembleProfile(
  { id, startedAt }: { readonly id: string; readonly startedAt: string },
  plan: ProfilePlan,
  measured: MeasuredProfile,
): ProfileRecord {
  const { profiled, undisturbedMs, statements, plans, growth } = measured;
  return {
    schema: 'rushhour.profile/1',
    id,
    state: 'complete',
    failure: null,
    startedAt,
    endedAt: new Date().toISOString(),
    variant: plan.variant,
    dataset: measured.dataset,
    environment: profiled.environment,
    warmUpDispatches: plan.warmUp,
    dispatches: profiled.dispatches.map((dispatch, index) =>
      dispatchRecord(dispatch, undisturbedMs[index] ?? 0),
    ),
    timeShare: timeShareOf(profiled.dispatches),
    visibility: { ...profiled.visibility, missing: [...profiled.visibility.missing] },
    statements,
    plans: plans.plans,
    growth: growthRecord(growth, {
      sizes: { [DISPATCH_UNIT]: userSizes(measured) },
      priced: profiled.dispatches.map(pricedSample),
    }),
    warnings: [
      ...profiled.transcript.blindSpots,
      ...profiled.losses,
      ...profiled.oddities,
      ...profiled.dispatches.flatMap(accountDifferences),
      ...plans.warnings,
    ],
  };
}

/** What a dispatch is offered here, for which the cost of each finding is told. */
function userSizes({ dataset, profiled }: MeasuredProfile): Sizes {
  const assigned = profiled.dispatches.map((dispatch) => dispatch.assigned);
  const offered = profiled.dispatches.map((dispatch) => dispatch.offered);
  return {
    bookings: dataset.openBookingsPerDay ?? Math.round(mean(offered)),
    assignments: Math.round(mean(assigned)),
    ...(profiled.availableDrivers === null ? {} : { drivers: profiled.availableDrivers }),
    ...(dataset.companies === null ? {} : { companies: dataset.companies }),
  };
}

/** What a call waits for on the data of the profile, not on the small data that growth is measured on. */
function pricedSample({ offer, waiting, offered, assigned }: ProfiledDispatch): GrowthSample {
  return {
    unit: DISPATCH_UNIT,
    sample: offer.key,
    varied: 'bookings',
    sizes: { bookings: offered, assignments: assigned },
    ...heardUse(waiting),
  };
}

function dispatchRecord(dispatch: ProfiledDispatch, undisturbedMs: number): ProfiledDispatchRecord {
  const { offer, offered, assigned, wallMs, counted } = dispatch;
  const { waitMs, statements, roundTrips, commits } = dispatch.waiting;
  const sums = counted === null ? null : sumCounters(counted);
  return {
    offer: offer.key,
    ...{ offered, assigned, wallMs, undisturbedMs, waitMs, statements, roundTrips, commits },
    counted: sums && {
      statements: sums.queries,
      rows: sums.rows,
      blocks: sums.blocksHit + sums.blocksRead,
      walBytes: sums.walBytes,
      databaseMs: sums.databaseMs,
    },
  };
}
