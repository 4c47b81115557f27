import { type CompanyDay, companyDays } from '../../seed/profiles.ts';
import { parseVariant } from '../../target/variants.ts';
import { listenTo, type TappedTarget, withTappedTarget } from '../capture/tapped-target.ts';
import type { Transcript } from '../capture/transcript.ts';
import { waitOf } from '../capture/waiting.ts';
import { prepareDataset } from '../experiment/dataset.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import { logInEach, type ServiceClient } from '../service/service-client.ts';
import { type GrowthStep, MEASURED_DAYS, WARM_UP_DAYS } from './growth-plan.ts';
import { type GrowthSample, heardUse } from './growth-sample.ts';

export const DISPATCH_UNIT = 'dispatch';

/** A day that has been dispatched once: its drivers have trips, which a dispatch has to read as well. */
export const SECOND_DISPATCH_UNIT = 'second dispatch of a day';

export interface GrowthOptions {
  readonly server: PostgresServer;
  readonly variant: string;
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
      ...(await withTappedTarget({ server, template, variant, signal }, (target) =>
        dispatchDays(options, step, target),
      )),
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
    const second = await dispatchOnce(target, clientOf(companyId), companyDay);
    if (index < WARM_UP_DAYS) continue;
    const common = { drivers: drivers.get(companyId) ?? 0, companies: step.shape.companies };
    const sizesNow = { bookings: first.run.offered, assignments: first.run.assigned, ...common };
    const sizesAgain = { bookings: second.run.offered, assignments: first.run.assigned, ...common };
    samples.push(sampleOf(DISPATCH_UNIT, companyDay, step, sizesNow, first.transcript));
    samples.push(sampleOf(SECOND_DISPATCH_UNIT, companyDay, step, sizesAgain, second.transcript));
  }
  return samples;
}

async function dispatchOnce(target: TappedTarget, client: ServiceClient, { day }: CompanyDay) {
  const { answer, transcript } = await listenTo(target.tap, () => client.dispatch(day));
  return { run: answer.run, transcript };
}

function sampleOf(
  unit: string,
  { companyId, day }: CompanyDay,
  { varied, shape }: GrowthStep,
  sizes: GrowthSample['sizes'],
  transcript: Transcript,
): GrowthSample {
  const of = `bookings=${shape.bookings} drivers=${shape.drivers} companies=${shape.companies}`;
  return {
    unit,
    sample: `${of} company ${companyId} ${day}`,
    varied,
    sizes,
    ...heardUse(waitOf(transcript)),
  };
}

/** Drivers who may be sent, by company: not all that a company has are on duty. */
async function availableDrivers(server: PostgresServer, database: string): Promise<Map<number, number>> {
  return withAdmin(server, database, async (client) => {
    const { rows } = await client.query<{ company_id: number; drivers: string }>(
      'SELECT company_id, count(*) AS drivers FROM driver WHERE is_available AND is_active GROUP BY company_id',
    );
    return new Map(rows.map((row) => [row.company_id, Number(row.drivers)]));
  });
}
