import type { StoredRatio } from './stored-ratio.ts';

/** A ratio in the order of time. */
export interface DatedRatio extends StoredRatio {
  /** ISO 8601, UTC. */
  startedAt: string;
}

/** The same comparison made again and again. */
export interface RatioSeries {
  scenario: string;
  baseline: string;
  candidate: string;
  metric: string;
  /** Oldest first, at least two. */
  points: readonly DatedRatio[];
}

/** What was compared at least twice, the longest series first. */
export function ratioSeries(
  entries: readonly { startedAt: string; scenario: string; ratios: readonly StoredRatio[] }[],
): RatioSeries[] {
  const byKey = new Map<string, RatioSeries & { points: DatedRatio[] }>();
  for (const { startedAt, scenario, ratios } of entries) {
    for (const one of ratios) {
      const { baseline, candidate, metric } = one;
      const key = JSON.stringify([scenario, baseline, candidate, metric]);
      const known = byKey.get(key) ?? { scenario, baseline, candidate, metric, points: [] };
      known.points.push({ ...one, startedAt });
      byKey.set(key, known);
    }
  }
  return [...byKey.values()]
    .filter(({ points }) => points.length >= 2)
    .map((series) => ({
      ...series,
      points: series.points.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1)),
    }))
    .sort((a, b) => b.points.length - a.points.length);
}

/** Where a series goes on under other conditions: "other machine", "other dataset", or both. */
export function rebaselines(points: readonly DatedRatio[]): { startedAt: string; label: string }[] {
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    if (before === undefined) return [];
    const changed = [
      ...(before.machine === point.machine ? [] : ['machine']),
      ...(before.datasetDigest === point.datasetDigest ? [] : ['dataset']),
    ];
    return changed.length === 0
      ? []
      : [{ startedAt: point.startedAt, label: `other ${changed.join(' and ')}` }];
  });
}
