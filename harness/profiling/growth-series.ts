import { groupBy } from '../group-by.ts';
import type { Dimension, GrowthSample, StatementUse } from './growth-sample.ts';
import type { GrowthPoint } from './judgement.ts';

/** What one statement did in one repeat. One that was not called was called 0 times. */
export interface Observation {
  readonly sample: string;
  readonly varied: Dimension;
  readonly sizes: GrowthSample['sizes'];
  readonly calls: number;
  readonly rows: number;
  readonly distinctParameters: number | null;
  readonly waitMs: number | null;
}

/** Every observation of one statement in one unit of work, or of its commits (`statement` null). */
export interface GrowthSeries {
  readonly unit: string;
  readonly statement: string | null;
  readonly observations: readonly Observation[];
}

const ABSENT = { calls: 0, rows: 0, distinctParameters: 0, waitMs: 0 };

/** One series for each unit of work and statement, and one for the commits of each unit where they were seen. */
export function growthSeries(samples: readonly GrowthSample[]): GrowthSeries[] {
  return [...groupBy(samples, ({ unit }) => unit)].flatMap(([unit, ofUnit]) => {
    const statements = new Set(ofUnit.flatMap((sample) => sample.statements.map((use) => use.statement)));
    const series = [...statements].map((statement) => ({
      unit,
      statement,
      observations: ofUnit.map((sample) => observe(sample, useOf(sample, statement))),
    }));
    return ofUnit.every(({ commits }) => commits !== null)
      ? [...series, { unit, statement: null, observations: ofUnit.map(observeCommits) }]
      : series;
  });
}

function useOf(sample: GrowthSample, statement: string): Omit<StatementUse, 'statement'> {
  return sample.statements.find((use) => use.statement === statement) ?? ABSENT;
}

function observe(
  { sample, varied, sizes }: GrowthSample,
  { calls, rows, distinctParameters, waitMs }: Omit<StatementUse, 'statement'>,
): Observation {
  return { sample, varied, sizes, calls, rows, distinctParameters, waitMs };
}

function observeCommits(sample: GrowthSample): Observation {
  const calls = sample.commits ?? 0;
  return observe(sample, { calls, rows: 0, distinctParameters: null, waitMs: null });
}

/** Repeats of the same work together, smallest first. Repeats that came out with different sizes are apart. */
export function pointsOf(observations: readonly Observation[], by: Dimension | null): GrowthPoint[] {
  const groups = groupBy(observations, ({ sample, sizes }) => `${sample} ${JSON.stringify(sizes)}`);
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      return [{ sample: first.sample, sizes: { ...first.sizes }, calls: group.map(({ calls }) => calls) }];
    })
    .toSorted((a, b) => (by === null ? 0 : (a.sizes[by] ?? 0) - (b.sizes[by] ?? 0)));
}

/** Calls at the largest size less those at the smallest, each the mean of its repeats. */
export function riseOf(observations: readonly Observation[], dimension: Dimension): number {
  const sizes = observations.map((observation) => observation.sizes[dimension] ?? 0);
  const meanAt = (n: number) => {
    const calls = observations.filter(({ sizes: at }) => at[dimension] === n).map(({ calls }) => calls);
    return calls.reduce((sum, value) => sum + value, 0) / calls.length;
  };
  return meanAt(Math.max(...sizes)) - meanAt(Math.min(...sizes));
}
