/** What is drawn of a series of nights. Pure. */
import { median } from 'simple-statistics';
import { groupBy } from '../group-by.ts';
import type { ChangePoint } from '../history/change-points.ts';
import type { NightPoint, NightSeries } from '../history/night-series.ts';

/** A point of the line: a night, or all nights of a week. */
export interface NightMark {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly ratio: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Of a week how many. */
  readonly nights: number;
  /** Marks of one number are joined; a gap or another reference begins the next. */
  readonly stretch: number;
  /** Made from an earlier measurement, not measured in that night. */
  readonly recorded: boolean;
}

/** Nights of one level: between re-pins and change points. */
export interface LevelMark {
  readonly from: string;
  readonly to: string;
  /** Geometric mean. */
  readonly ratio: number;
  readonly nights: number;
}

/** More nights than that are drawn by week: single ones could not be told apart. */
export const MOST_NIGHTS_DRAWN = 200;

export function isByWeek({ points }: NightSeries): boolean {
  return points.length > MOST_NIGHTS_DRAWN;
}

/** @param recorded ids of the nights that were not measured but recorded */
export function nightMarks(series: NightSeries, recorded: ReadonlySet<string>): NightMark[] {
  const marks = series.points.map((point): NightMark => {
    const { at, ratio, low, high } = point;
    return { at, ratio, low, high, nights: 1, stretch: 0, recorded: recorded.has(point.night) };
  });
  const breaks = [
    ...series.gaps.map(({ at, night }) => (night === null ? Date.parse(at) + 1 : Date.parse(at))),
    ...series.repins.map(({ at }) => Date.parse(at)),
  ].toSorted((a, b) => a - b);
  let passed = 0;
  const joined = marks.map((mark) => {
    const time = Date.parse(mark.at);
    while (passed < breaks.length && (breaks[passed] as number) <= time) passed += 1;
    return { ...mark, stretch: passed };
  });
  return isByWeek(series) ? weeksOf(joined) : joined;
}

const WEEK_MS = 7 * 86_400_000;
/** 1970-01-05, the first Monday of the clock. */
const FIRST_MONDAY_MS = 4 * 86_400_000;

/** The middle ratio of each week, and the whole range of its intervals. A gap inside a week is in the table alone. */
function weeksOf(marks: readonly NightMark[]): NightMark[] {
  const weeks = groupBy(marks, ({ at }) => Math.floor((Date.parse(at) - FIRST_MONDAY_MS) / WEEK_MS));
  let before: number | null = null;
  let stretch = 0;
  return [...weeks].map(([week, nights]) => {
    if (before !== null && week - before > 1) stretch += 1;
    before = week;
    const lows = nights.flatMap(({ low }) => low ?? []);
    const highs = nights.flatMap(({ high }) => high ?? []);
    return {
      at: new Date(FIRST_MONDAY_MS + week * WEEK_MS).toISOString(),
      ratio: median(nights.map(({ ratio }) => ratio)),
      low: lows.length === 0 ? null : Math.min(...lows),
      high: highs.length === 0 ? null : Math.max(...highs),
      nights: nights.length,
      stretch,
      recorded: nights.every(({ recorded }) => recorded),
    };
  });
}

/** The steps of the series: a level from each re-pin or change point to the next. */
export function levelMarks(series: NightSeries, changes: readonly ChangePoint[]): LevelMark[] {
  const starts = new Set([...series.repins.map(({ night }) => night), ...changes.map(({ night }) => night)]);
  const levels: NightPoint[][] = [];
  for (const point of series.points) {
    const current = levels.at(-1);
    if (current === undefined || starts.has(point.night)) levels.push([point]);
    else current.push(point);
  }
  return levels.map((points) => ({
    from: (points[0] as NightPoint).at,
    to: (points.at(-1) as NightPoint).at,
    ratio: Math.exp(points.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / points.length),
    nights: points.length,
  }));
}
