import { listenTo, type TappedTarget, withTappedTarget } from '../capture/tapped-target.ts';
import { DISPATCH_UNIT } from '../capture/unit-of-work.ts';
import { waitOf } from '../capture/waiting.ts';
import type { PostgresServer } from '../postgres/server.ts';
import type { Offer } from '../targets/offer.ts';
import type { Dispatcher, Target } from '../targets/target.ts';
import { type GrowthStep, MEASURED_DAYS, WARM_UP_DAYS } from './growth-plan.ts';
import { type GrowthSample, heardUse } from './growth-sample.ts';

export interface GrowthOptions {
  readonly server: PostgresServer;
  readonly target: Target;
  readonly variant: string;
  readonly signal: AbortSignal;
}

/**
 * Dispatches at the sizes of one step, on `repeats` fresh clones: the same offers on each, so that each dispatch has
 * as many repeats. Statements are counted by the tap; how long they take is of no interest here.
 */
export async function sampleDispatchGrowth(
  options: GrowthOptions,
  step: GrowthStep,
  repeats: number,
): Promise<GrowthSample[]> {
  const { server, target, variant, signal } = options;
  const dataset = await target.prepareDataset(server, {
    ...{ variant, shape: step.shape, signal },
    onProgress: () => {},
  });
  const offers = dataset.offers.slice(0, WARM_UP_DAYS + MEASURED_DAYS);
  const samples: GrowthSample[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    samples.push(
      ...(await withTappedTarget({ ...options, template: dataset.template }, (tapped) =>
        dispatchOffers(options, step, tapped, offers),
      )),
    );
  }
  return samples;
}

async function dispatchOffers(
  { target, signal }: GrowthOptions,
  step: GrowthStep,
  tapped: TappedTarget,
  offers: readonly Offer[],
): Promise<GrowthSample[]> {
  const options = { offers, signal, logins: new Map(), onOddity: () => {} };
  const dispatcher = await target.openDispatcher(tapped, options);
  const drivers = await target.driversOf(tapped, offers);
  const samples: GrowthSample[] = [];
  try {
    for (const [index, offer] of offers.entries()) {
      signal.throwIfAborted();
      const first = await dispatchOnce(tapped, dispatcher, offer);
      // Drivers have trips by now, which a dispatch has to read as well.
      const second = target.dispatchesAgain ? await dispatchOnce(tapped, dispatcher, offer) : null;
      if (index < WARM_UP_DAYS) continue;
      const known = drivers.get(offer.key);
      const common = { companies: step.shape.companies, ...(known === undefined ? {} : { drivers: known }) };
      const trips = first.answer.assigned;
      samples.push(sampleOf('first', offer, step, { ...common, trips: 0 }, first));
      if (second !== null) samples.push(sampleOf('second', offer, step, { ...common, trips }, second));
    }
  } finally {
    dispatcher.close();
  }
  return samples;
}

function dispatchOnce({ tap }: TappedTarget, dispatcher: Dispatcher, offer: Offer) {
  return listenTo(tap, () => dispatcher.dispatch(offer));
}

function sampleOf(
  turn: 'first' | 'second',
  { key }: Offer,
  { varied, shape }: GrowthStep,
  conditions: GrowthSample['sizes'],
  { answer, transcript }: Awaited<ReturnType<typeof dispatchOnce>>,
): GrowthSample {
  const of = `bookings=${shape.bookings} drivers=${shape.drivers} companies=${shape.companies}`;
  return {
    unit: DISPATCH_UNIT,
    sample: `${of} ${key} ${turn}`,
    varied,
    sizes: { bookings: answer.offered, assignments: answer.assigned, ...conditions },
    ...heardUse(waitOf(transcript)),
  };
}
