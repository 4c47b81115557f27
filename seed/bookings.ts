import { MINUTES_PER_DAY } from './calendar.ts';
import type { Dataset } from './dataset.ts';
import { logNormalTable, minutesOf, weightedTable } from './distributions.ts';
import { clientIdsOf } from './profiles.ts';
import { RowRandom } from './random.ts';

/** What a booking is, without its addresses. Minutes count from the first open day's midnight, UTC. */
export interface Booking {
  readonly id: number;
  readonly companyId: number;
  readonly clientId: number;
  readonly driverId: number | null;
  readonly status: 'open' | 'completed' | 'cancelled';
  readonly scheduledMinute: number;
  readonly createdMinute: number;
  readonly updatedMinute: number;
  readonly passengers: number;
  /** Road distance. */
  readonly distanceM: number;
  /** A driver of the company who declined it before, or null. */
  readonly refusedBy: number | null;
}

/** Road distances of trips: log-normal, the usual fit for taxi trips, clamped to 400 m to 60 km. */
export const TRIP_DISTANCE = { median: 4_500, sigma: 0.75, lowest: 400, highest: 60_000 } as const;
const TRIP_M = logNormalTable(TRIP_DISTANCE, 4_096);

/** Passengers of a booking, from 1. */
const PASSENGER_WEIGHTS = weightedTable([58, 24, 8, 6, 2, 2], 1_024);
/** Days between booking and trip. */
const LEAD_DAYS: readonly number[] = [1, 1, 1, 1, 2, 2, 3, 5, 7, 14];

/** A dispatch runs the evening before; bookings for the day are in by then. */
export const DISPATCH_HOUR = 20;
const OFFICE_OPENS_MINUTE = 7 * 60;
const OFFICE_MINUTES = DISPATCH_HOUR * 60 - OFFICE_OPENS_MINUTE;

const COMPLETED_PER_MILLE = 940;
const REFUSED_PER_MILLE = 30;

/** Minutes a trip takes at 30 km/h, at least 3. */
export function tripMinutes(distanceM: number): number {
  return Math.max(3, Math.ceil(distanceM / 500));
}

/** Every booking of a dataset by its number: past ones from 0 to `history - 1`, open ones from 0 on their own. */
export class BookingSource {
  private readonly dataset: Dataset;
  private readonly past: RowRandom;
  private readonly open: RowRandom;
  private readonly clientsPerCompany: number;
  private readonly stride: number;

  constructor(dataset: Dataset) {
    this.dataset = dataset;
    this.past = new RowRandom(dataset.shape.randomSeed, 'booking/history');
    this.open = new RowRandom(dataset.shape.randomSeed, 'booking/open');
    this.clientsPerCompany = clientIdsOf(dataset.shape, 1).count;
    this.stride = scatteringStride(dataset.shape.bookings);
  }

  /** A past booking; `day` is the day its number belongs to (see history-days.ts). */
  historyBooking(index: number, day: number): Booking {
    const random = this.past.at(index);
    const companyId = random.pick(this.dataset.historyCompanies);
    const scheduledMinute = day * MINUTES_PER_DAY + random.pick(minutesOf(day));
    const completed = random.chance(COMPLETED_PER_MILLE);
    const crew = this.pickCrew(random, companyId, scheduledMinute);
    const distanceM = random.pick(TRIP_M);
    return {
      id: index + 1,
      companyId,
      clientId: (companyId - 1) * this.clientsPerCompany + 1 + random.below(this.clientsPerCompany),
      driverId: completed ? crew.driverId : null,
      status: completed ? 'completed' : 'cancelled',
      scheduledMinute,
      createdMinute: createdBefore(day, random),
      updatedMinute: completed ? scheduledMinute + tripMinutes(distanceM) : scheduledMinute - 60,
      passengers: 1 + random.pick(PASSENGER_WEIGHTS),
      distanceM,
      refusedBy: completed ? crew.refusedBy : null,
    };
  }

  /** An open booking. Within a day the companies take turns, as they would have when the bookings came in. */
  openBooking(index: number): Booking {
    const { shape } = this.dataset;
    const random = this.open.at(index);
    const day = Math.floor(index / (shape.companies * shape.bookings));
    const indexOfDay = index - day * shape.companies * shape.bookings;
    const companyId = 1 + (indexOfDay % shape.companies);
    const scheduledMinute =
      day * MINUTES_PER_DAY + this.spreadMinute(Math.floor(indexOfDay / shape.companies), day, random);
    const crew = this.pickCrew(random, companyId, scheduledMinute);
    const createdMinute = createdBefore(0, random);
    return {
      id: shape.history + index + 1,
      companyId,
      clientId: (companyId - 1) * this.clientsPerCompany + 1 + random.below(this.clientsPerCompany),
      driverId: null,
      status: 'open',
      scheduledMinute,
      createdMinute,
      updatedMinute: createdMinute,
      passengers: 1 + random.pick(PASSENGER_WEIGHTS),
      distanceM: random.pick(TRIP_M),
      refusedBy: crew.refusedBy,
    };
  }

  /** One booking from each of as many equal parts of the day's demand: company-days are alike not only in number. */
  private spreadMinute(position: number, day: number, random: RowRandom): number {
    const table = minutesOf(day);
    const { bookings } = this.dataset.shape;
    const part = (position * this.stride) % bookings;
    return table[Math.floor(((part + random.next() / 2 ** 32) / bookings) * table.length)] ?? 0;
  }

  /** A driver on shift, and now and then a colleague who had declined before. */
  private pickCrew(random: RowRandom, companyId: number, scheduledMinute: number) {
    const minuteOfDay = scheduledMinute - Math.floor(scheduledMinute / MINUTES_PER_DAY) * MINUTES_PER_DAY;
    const onShift = this.dataset.onShift[Math.floor(minuteOfDay / 60)] ?? [];
    const firstId = (companyId - 1) * this.dataset.shape.drivers + 1;
    const chosen = random.below(onShift.length);
    const refused = random.chance(REFUSED_PER_MILLE) && onShift.length > 1;
    const colleague = (chosen + 1 + random.below(Math.max(1, onShift.length - 1))) % onShift.length;
    return {
      driverId: firstId + (onShift[chosen] ?? 0),
      refusedBy: refused ? firstId + (onShift[colleague] ?? 0) : null,
    };
  }
}

function createdBefore(day: number, random: RowRandom): number {
  const leadDays = LEAD_DAYS[random.below(LEAD_DAYS.length)] ?? 1;
  return (day - leadDays) * MINUTES_PER_DAY + OFFICE_OPENS_MINUTE + random.below(OFFICE_MINUTES);
}

/** A step near the golden section of `count` that visits every residue: neighbouring rows lie far apart in the day. */
function scatteringStride(count: number): number {
  let stride = Math.max(1, Math.round(count * 0.618));
  while (greatestCommonDivisor(stride, count) !== 1) stride += 1;
  return stride;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
