import { resolveShape } from '../../seed/profiles.ts';

/** Rows of every table and little else. Enough company-days for one dispatch and the one before it. */
export const SMALLEST = resolveShape('smoke', {
  bookings: 5,
  drivers: 5,
  history: 100,
  companies: 2,
  days: 2,
});

/** Pairs of one dispatch, on a command line. */
export const pairsOf = (pairs: number) => [
  ...['--mode', 'pair', '--pairs', String(pairs)],
  ...['--dispatches', '1', '--probes', '1'],
];

/** The same on a command line. */
export const SMALLEST_OPTIONS = [
  ...['--profile', 'smoke', '--bookings', '5', '--drivers', '5'],
  ...['--history', '100', '--companies', '2', '--days', '2'],
];
