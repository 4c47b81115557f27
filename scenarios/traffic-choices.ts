/**
 * What the n-th iteration asks for: pure functions of the plan and of n, so that every variant and every tool gets the
 * same requests in the same order. Loaded by k6 and Node.
 */
import type { BookingDraft } from './endpoints.ts';
import type { CompanyDay, IdRange, TrafficWork } from './traffic-plan.ts';

/** A driver as the service listed it before the traffic began. */
export interface ListedDriver {
  readonly id: number;
  readonly lat: number;
  readonly lon: number;
  readonly isAvailable: boolean;
}

/** A dispatcher who has logged in, with the drivers of that company. */
export interface Session {
  readonly companyId: number;
  readonly token: string;
  readonly drivers: readonly ListedDriver[];
}

/** Pages that dispatchers look at. Small, as a screen is. */
export const PAGE_LIMIT = 20;

/** A number in [0, 1) that depends on nothing but its arguments. Integer hash by T. Wang's scheme as in MurmurHash3. */
export function fractionOf(randomSeed: number, index: number, purpose: number): number {
  let h = (Math.imul(randomSeed | 0, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) | 0;
  h = (h ^ Math.imul(purpose + 1, 0xc2b2ae35)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** The element that iteration `index` uses. Throws when there is nothing to choose from. */
export function chooseFrom<Item>(
  items: readonly Item[],
  randomSeed: number,
  index: number,
  purpose: number,
): Item {
  const item = items[Math.floor(fractionOf(randomSeed, index, purpose) * items.length)];
  if (item === undefined) throw new RangeError('Expected something to choose from, got an empty list');
  return item;
}

/** Dispatchers that work at the same time, wherever the plan has as many. */
const DISPATCHERS_AT_WORK = 5;

/**
 * Who logs in before the traffic: the dispatchers of the company-days that will be dispatched, and enough others. A login
 * costs a password hash, so twenty of them before every short load would take longer than the load.
 */
export function loginsFor(plan: TrafficWork, dispatched: readonly CompanyDay[]): TrafficWork['logins'] {
  const needed = new Set(dispatched.map(({ companyId }) => companyId));
  return plan.logins.filter(({ companyId }, index) => index < DISPATCHERS_AT_WORK || needed.has(companyId));
}

const PURPOSE = { company: 1, day: 2, driver: 3, client: 4, latitude: 5, longitude: 6, minute: 7 } as const;

export function sessionFor<S extends Session>(plan: TrafficWork, sessions: readonly S[], index: number): S {
  return chooseFrom(sessions, plan.randomSeed, index, PURPOSE.company);
}

export function browseDayFor(plan: TrafficWork, index: number): string {
  return chooseFrom(plan.browseDays, plan.randomSeed, index, PURPOSE.day);
}

export function driverFor(plan: TrafficWork, session: Session, index: number): ListedDriver {
  return chooseFrom(session.drivers, plan.randomSeed, index, PURPOSE.driver);
}

/** A place within about 1 km of where the driver was listed, so that positions stay in the company's town. */
export function positionFor(plan: TrafficWork, driver: ListedDriver, index: number) {
  const shift = (purpose: number) => (fractionOf(plan.randomSeed, index, purpose) - 0.5) * 0.02;
  return {
    id: driver.id,
    lat: driver.lat + shift(PURPOSE.latitude),
    lon: driver.lon + shift(PURPOSE.longitude),
  };
}

/**
 * A booking for the day after the last day that the plan names. On a day that is dispatched it would change how many
 * bookings that dispatch is offered, by an amount that depends on timing.
 */
export function bookingDraftFor(plan: TrafficWork, session: Session, index: number): BookingDraft {
  const clients = plan.clients.find((range) => range.companyId === session.companyId);
  if (clients === undefined) {
    throw new RangeError(`Expected clients of company ${session.companyId} in the traffic plan, got none`);
  }
  const near = driverFor(plan, session, index);
  const pickup = positionFor(plan, near, 2 * index);
  const dropoff = positionFor(plan, near, 2 * index + 1);
  return {
    clientId: idIn(clients, fractionOf(plan.randomSeed, index, PURPOSE.client)),
    scheduledTime: `${dayAfterPlan(plan)}T${clockTime(fractionOf(plan.randomSeed, index, PURPOSE.minute))}:00.000Z`,
    passengers: 1 + (index % 3),
    pickup: { address: `Traffic Street ${index % 200}`, lat: pickup.lat, lon: pickup.lon },
    dropoff: { address: `Traffic Square ${index % 50}`, lat: dropoff.lat, lon: dropoff.lon },
    notes: 'created by load traffic',
  };
}

/** The first day that no browsing and no dispatch touches, YYYY-MM-DD. */
export function dayAfterPlan(plan: TrafficWork): string {
  const days = [...plan.browseDays, ...plan.companyDays.map(({ day }) => day)].sort();
  const last = days.at(-1);
  if (last === undefined) throw new RangeError('Expected at least one day in the traffic plan, got none');
  return new Date(Date.parse(`${last}T00:00:00.000Z`) + 86_400_000).toISOString().slice(0, 10);
}

function idIn(range: IdRange, fraction: number): number {
  return range.firstId + Math.floor(fraction * range.count);
}

/** A time of the service day between 06:00 and 21:59, HH:MM. */
function clockTime(fraction: number): string {
  const minute = 6 * 60 + Math.floor(fraction * 16 * 60);
  const twoDigits = (value: number) => String(value).padStart(2, '0');
  return `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
}
