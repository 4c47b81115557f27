import { type DatasetShape, resolveShape } from '../../seed/profiles.ts';

/** A dataset in which one dimension has a size of its own; all else is as in the other steps of that dimension. */
export interface GrowthStep {
  readonly varied: 'bookings' | 'drivers' | 'companies';
  /** For a progress line: "32 bookings". */
  readonly title: string;
  readonly shape: DatasetShape;
}

/** Few past bookings: what grows is to be seen, and not what history costs. */
const HISTORY = 400;
const DRIVERS = 12;
const BOOKINGS = 16;

/** Company-days of a step: one warms up, the others are measured. */
export const WARM_UP_DAYS = 1;
export const MEASURED_DAYS = 2;

/**
 * Sizes that double. Bookings begin below the number of drivers and end far above: a service that remembers what it has
 * looked up asks min(n, parents) times, which looks like once for each row up to there. Drivers and companies follow alone;
 * the dataset with 16 bookings is the middle of all three.
 */
export function growthSteps(randomSeed: number): GrowthStep[] {
  const step =
    (varied: GrowthStep['varied']) =>
    (size: number): GrowthStep => ({
      varied,
      title: `${size} ${varied}`,
      shape: resolveShape('smoke', {
        ...{ bookings: BOOKINGS, drivers: DRIVERS, history: HISTORY, companies: 2, days: 2, randomSeed },
        [varied]: size,
      }),
    });
  return [
    ...[8, 16, 32, 64, 128].map(step('bookings')),
    ...[6, 24, 48].map(step('drivers')),
    ...[4, 8].map(step('companies')),
  ];
}

/** Of its dimension: most is called there, so what differs between repeats is seen there first. */
export function isLargest({ varied, shape }: GrowthStep, steps: readonly GrowthStep[]): boolean {
  return steps.every((other) => other.varied !== varied || other.shape[varied] <= shape[varied]);
}

/** Rows of a page asked for. */
export const PAGE_SIZES = [8, 16, 32, 64] as const;

/** A dataset whose lists are longer than the largest page. */
export function pageShape(randomSeed: number): DatasetShape {
  return resolveShape('smoke', {
    ...{ bookings: 80, drivers: 80, history: HISTORY, companies: 1, days: 2, randomSeed },
  });
}
