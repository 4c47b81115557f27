import { dayText } from './calendar.ts';

/** How much of everything a dataset holds. With the random seed it determines every row. */
export interface DatasetShape {
  /** Name of the profile, or `custom`. */
  readonly profile: string;
  /** Open bookings per company and open day: every company-day is the same amount of work. */
  readonly bookings: number;
  /** Drivers per company. */
  readonly drivers: number;
  /** Past bookings of all companies together. */
  readonly history: number;
  readonly companies: number;
  /** Days with open bookings, the first is 2026-03-02. */
  readonly days: number;
  /** 0 to 2^53 - 1. */
  readonly randomSeed: number;
}

export type ProfileName = 'smoke' | 'load' | 'stress' | 'city';

/** `load` has the most company-days (400): paired slices consume one per dispatch. */
export const PROFILES: Readonly<Record<ProfileName, DatasetShape>> = {
  smoke: shapeOf('smoke', { bookings: 20, drivers: 10, history: 2_000, companies: 2, days: 5 }),
  load: shapeOf('load', { bookings: 100, drivers: 50, history: 100_000, companies: 20, days: 20 }),
  stress: shapeOf('stress', { bookings: 1_000, drivers: 50, history: 1_000_000, companies: 10, days: 6 }),
  city: shapeOf('city', { bookings: 10_000, drivers: 500, history: 10_000_000, companies: 4, days: 2 }),
};

function shapeOf(profile: ProfileName, sizes: Omit<DatasetShape, 'profile' | 'randomSeed'>): DatasetShape {
  return { profile, ...sizes, randomSeed: 1 };
}

/** What each number may be. Upper bounds keep ids inside `integer` and row numbers inside 32 bits. */
const LIMITS = {
  bookings: [1, 1_000_000],
  drivers: [1, 100_000],
  history: [0, 1_000_000_000],
  companies: [1, 10_000],
  days: [1, 3_650],
  randomSeed: [0, Number.MAX_SAFE_INTEGER],
} as const satisfies Record<Exclude<keyof DatasetShape, 'profile'>, readonly [number, number]>;

const NUMBERS = Object.keys(LIMITS) as readonly (keyof typeof LIMITS)[];

const MAX_OPEN_BOOKINGS = 1_000_000_000;
const MAX_DRIVERS = 10_000_000;

/**
 * The shape of a profile with single numbers replaced. One that differs from the profile is called `custom`.
 *
 * @throws Error naming every problem at once: unknown profile, a number out of its range
 */
export function resolveShape(profile: string, overrides: Partial<DatasetShape> = {}): DatasetShape {
  const base = Object.hasOwn(PROFILES, profile) ? PROFILES[profile as ProfileName] : undefined;
  if (!base) {
    throw new Error(`Expected a profile (${Object.keys(PROFILES).join(', ')}), got "${profile}".`);
  }
  const changed = NUMBERS.filter((name) => overrides[name] !== undefined && overrides[name] !== base[name]);
  if (changed.length === 0) return base;
  const numbers = Object.fromEntries(changed.map((name) => [name, overrides[name]]));
  const shape: DatasetShape = { ...base, ...numbers, profile: 'custom' };
  const problems = shapeProblems(shape);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return shape;
}

function shapeProblems(shape: DatasetShape): string[] {
  const problems: string[] = [];
  for (const name of NUMBERS) {
    const [lowest, highest] = LIMITS[name];
    const value = shape[name];
    if (!Number.isSafeInteger(value) || value < lowest || value > highest) {
      problems.push(`Expected ${name} to be a whole number from ${lowest} to ${highest}, got ${value}.`);
    }
  }
  if (problems.length > 0) return problems;
  const open = openBookingCount(shape);
  if (open > MAX_OPEN_BOOKINGS) {
    problems.push(`Expected bookings × companies × days to be at most ${MAX_OPEN_BOOKINGS}, got ${open}.`);
  }
  const drivers = shape.drivers * shape.companies;
  if (drivers > MAX_DRIVERS) {
    problems.push(`Expected drivers × companies to be at most ${MAX_DRIVERS}, got ${drivers}.`);
  }
  return problems;
}

/** Open bookings of the whole dataset. */
export function openBookingCount(shape: DatasetShape): number {
  return shape.bookings * shape.companies * shape.days;
}

/** One dispatch's worth of open bookings. */
export interface CompanyDay {
  readonly companyId: number;
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
}

/** Every open company-day, day by day and within a day company by company, so neighbours are never one company's. */
export function companyDays(shape: DatasetShape): CompanyDay[] {
  const result: CompanyDay[] = [];
  for (let day = 0; day < shape.days; day++) {
    for (let companyId = 1; companyId <= shape.companies; companyId++) {
      result.push({ companyId, day: dayText(day) });
    }
  }
  return result;
}

/** A run of consecutive ids: `first` … `first + count - 1`. */
export interface IdRange {
  readonly first: number;
  readonly count: number;
}

export function driverIdsOf(shape: DatasetShape, companyId: number): IdRange {
  return { first: (companyId - 1) * shape.drivers + 1, count: shape.drivers };
}

/** Clients are as many as give each about 20 trips, but 50 to 25,000 per company. */
export function clientIdsOf(shape: DatasetShape, companyId: number): IdRange {
  const bookingsPerCompany = shape.history / shape.companies + shape.bookings * shape.days;
  const count = Math.min(25_000, Math.max(50, Math.ceil(bookingsPerCompany / 20)));
  return { first: (companyId - 1) * count + 1, count };
}

/** The dispatcher of a company. The domain cannot exist (RFC 2606, section 2). */
export function loginOf(companyId: number): { readonly email: string } {
  return { email: `dispatcher-${companyId}@rushhour.example` };
}

/** Password of every seeded user: a demo credential of generated data, which guards nothing. */
export const SEED_PASSWORD = 'rushhour-demo';
