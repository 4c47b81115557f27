import { type CompanyDay, companyDays } from '../../seed/profiles.ts';
import { parseVariant } from '../../target/variants.ts';
import { listenTo, type TappedTarget, withTappedTarget } from '../capture/tapped-target.ts';
import { DISPATCH_UNIT } from '../capture/unit-of-work.ts';
import { waitOf } from '../capture/waiting.ts';
import { prepareDataset } from '../experiment/dataset.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { logInEach, type ServiceClient } from '../service/service-client.ts';
import { availableDrivers } from './available-drivers.ts';
import { type GrowthStep, MEASURED_DAYS, WARM_UP_DAYS } from './growth-plan.ts';
import { type GrowthSample, heardUse } from './growth-sample.ts';

export interface GrowthOptions {
  readonly server: PostgresServer;
  readonly variant: string;
  /** What Node is to start instead of the reference service: see `ServiceOptions.entry`. */
  readonly entry?: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Dispatches at the sizes of one step, on `repeats` fresh clones: the same company-days on each, so that each dispatch has
 * as many repeats. Statements are counted by the tap; how long they take is of no interest here.
 */
export async function sampleDispatchGrowth(
  options: GrowthOptions,
  step: GrowthStep,
  repeats: number,
): Promise<GrowthSample[]> {
  const { server, variant, signal } = options;
  const { indexes } = parseVariant(variant).switches;
  const dataset = { shape: step.shape, indexes, signal, onProgress: () => {} };
  const { template } = await prepareDataset(server, dataset);
  const samples: GrowthSample[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    samples.push(
      ...(await withTappedTarget({ ...options, template }, (target) => dispatchDays(options, step, target))),
    );
  }
  return samples;
}

async function dispatchDays(
  { server, signal }: GrowthOptions,
  step: GrowthStep,
  target: TappedTarget,
): Promise<GrowthSample[]> {
  const days = companyDays(step.shape).slice(0, WARM_UP_DAYS + MEASURED_DAYS);
  const clientOf = await logInEach(target.service.baseUrl, days, signal);
  const drivers = await availableDrivers(server, target.database.name);
  const samples: GrowthSample[] = [];
  for (const [index, companyDay] of days.entries()) {
    signal.throwIfAborted();
    const { companyId } = companyDay;
    const first = await dispatchOnce(target, clientOf(companyId), companyDay);
    // Drivers have trips by now, which a dispatch has to read as well.
    const second = await dispatchOnce(target, clientOf(companyId), companyDay);
    if (index < WARM_UP_DAYS) continue;
    const common = { drivers: drivers.get(companyId) ?? 0, companies: step.shape.companies };
    const trips = first.run.assigned;
    samples.push(sampleOf('first', companyDay, step, { ...common, trips: 0 }, first));
    samples.push(sampleOf('second', companyDay, step, { ...common, trips }, second));
  }
  return samples;
}

async function dispatchOnce(target: TappedTarget, client: ServiceClient, { day }: CompanyDay) {
  const { answer, transcript } = await listenTo(target.tap, () => client.dispatch(day));
  return { run: answer.run, transcript };
}

function sampleOf(
  turn: 'first' | 'second',
  { companyId, day }: CompanyDay,
  { varied, shape }: GrowthStep,
  conditions: GrowthSample['sizes'],
  { run, transcript }: Awaited<ReturnType<typeof dispatchOnce>>,
): GrowthSample {
  const of = `bookings=${shape.bookings} drivers=${shape.drivers} companies=${shape.companies}`;
  return {
    unit: DISPATCH_UNIT,
    sample: `${of} company ${companyId} ${day} ${turn}`,
    varied,
    sizes: { bookings: run.offered, assignments: run.assigned, ...conditions },
    ...heardUse(waitOf(transcript)),
  };
}
