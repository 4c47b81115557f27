import type { NightPoint, NightSeries } from './night-series.ts';
import { type Split, splitSeries } from './split-series.ts';

/** A night from which on the ratio has another level: advice. Whether a commit did it, a paired experiment says. */
export interface ChangePoint {
  readonly target: string;
  readonly branch: string | null;
  readonly scenario: string;
  readonly metric: string;
  readonly unit: string;
  /** Id of the first night after the change: the likeliest. */
  readonly night: string;
  readonly at: string;
  /** Id of the night at which there was enough to tell it. */
  readonly toldBy: string;
  /** Geometric means of candidate ÷ reference, from the change or re-pin before it and up to the one after it. */
  readonly before: SegmentMean;
  readonly after: SegmentMean;
  /** `after` ÷ `before`: more than 1 is slower. */
  readonly change: number;
  /** Chance of a split as clear as this in nights of one level, at one look. At most 0.001. */
  readonly pValue: number;
  /** Candidates: the last that was measured before the change at the earliest, and the first after it at the latest. */
  readonly commits: { readonly from: string; readonly to: string };
  /** Names the commit between them; `null` where both nights had the same candidate, and no commit can have done it. */
  readonly bisect: string | null;
}

export interface SegmentMean {
  readonly ratio: number;
  readonly nights: number;
}

/**
 * Where a series changed its level, oldest first. Each reference has nights of its own: ratios to another one are never taken for a
 * change. Pure, and the same for the same nights. How often it is wrong: `npm run verify:change-points`.
 */
export function changePoints(series: NightSeries): ChangePoint[] {
  return pinnedSegments(series).flatMap((points) => {
    const logs = points.map(({ ratio }) => Math.log(ratio));
    const splits = splitSeries(logs);
    return splits.map((split, at) => {
      const [start, end] = [splits[at - 1]?.index ?? 0, splits[at + 1]?.index ?? logs.length];
      return changePointOf(series, points, {
        split,
        before: meanOf(logs.slice(start, split.index)),
        after: meanOf(logs.slice(split.index, end)),
      });
    });
  });
}

/** The points of each reference, in order. */
function pinnedSegments({ points, repins }: NightSeries): readonly (readonly NightPoint[])[] {
  const starts = repins.map(({ night }) => points.findIndex((point) => point.night === night));
  return [0, ...starts].map((start, index) => points.slice(start, starts[index]));
}

function meanOf(logs: readonly number[]): SegmentMean {
  return { ratio: Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length), nights: logs.length };
}

function changePointOf(
  { target, branch, scenario, metric, unit }: NightSeries,
  points: readonly NightPoint[],
  { split, before, after }: { split: Split; before: SegmentMean; after: SegmentMean },
): ChangePoint {
  const first = pointAt(points, split.index);
  const commits = {
    from: pointAt(points, split.first - 1).candidate,
    to: pointAt(points, split.last).candidate,
  };
  return {
    ...{ target, branch, scenario, metric, unit },
    ...{ night: first.night, at: first.at, toldBy: pointAt(points, split.toldAt - 1).night },
    ...{ before, after, change: after.ratio / before.ratio, pValue: split.pValue },
    commits,
    bisect: commits.from === commits.to ? null : bisectCommand(commits, scenario),
  };
}

function pointAt(points: readonly NightPoint[], index: number): NightPoint {
  return points[index] as NightPoint; // a split lies inside of its series
}

/** As it is typed: the last commit that was not changed, and the first that was. */
export function bisectCommand({ from, to }: ChangePoint['commits'], scenario: string): string {
  return `rushhour bisect --good ${from.slice(0, 12)} --bad ${to.slice(0, 12)} --scenario ${scenario}`;
}
