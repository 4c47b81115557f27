import type { ScenarioName, TrafficWork } from '../../scenarios/traffic-plan.ts';
import { clientIdsOf, companyDays, type DatasetShape, driverIdsOf, loginOf } from '../../seed/profiles.ts';

export interface TrafficOptions {
  readonly scenario: ScenarioName;
  readonly shape: DatasetShape;
  readonly durationFactor: number;
  readonly rateFactor: number;
  readonly randomSeed: number;
}

/** What a generator needs to know of a seeded dataset to drive the reference service: who may log in, what there is to ask for. */
export function trafficWork(options: TrafficOptions): TrafficWork {
  const { shape } = options;
  const companies = Array.from({ length: shape.companies }, (_, index) => index + 1);
  const days = companyDays(shape);
  return {
    scenario: options.scenario,
    randomSeed: options.randomSeed,
    durationFactor: options.durationFactor,
    rateFactor: options.rateFactor,
    logins: companies.map((companyId) => ({ companyId, email: loginOf(companyId).email })),
    companyDays: days,
    browseDays: [...new Set(days.map((companyDay) => companyDay.day))],
    drivers: companies.map((companyId) => toRange(companyId, driverIdsOf(shape, companyId))),
    clients: companies.map((companyId) => toRange(companyId, clientIdsOf(shape, companyId))),
  };
}

function toRange(companyId: number, ids: { first: number; count: number }) {
  return { companyId, firstId: ids.first, count: ids.count };
}
