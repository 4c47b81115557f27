import { formatChange } from '../../change.ts';
import type { ChangePoint } from '../../history/change-points.ts';
import type { NightSeries } from '../../history/night-series.ts';
import { countOf, formatInstant } from '../../quantity.ts';
import { isByWeek, type LevelMark, levelMarks, type NightMark, nightMarks } from '../night-marks.ts';
import { levelText } from '../verdict-sentence.ts';
import { VERDICT_LOOK } from '../verdict-words.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { contextLine } from './context.ts';
import { INK, variantStyles } from './palette.ts';
import { type RatioAxis, ratioAxis } from './ratio-axis.ts';
import { themed } from './theme.ts';

export interface NightRatio {
  readonly series: NightSeries;
  readonly changes: readonly ChangePoint[];
  /** Ids of the nights that were not measured but recorded. */
  readonly recorded: ReadonlySet<string>;
  readonly name: string;
}

const LINE = variantStyles(['optimised']).get('optimised')?.colour.light ?? INK.strong.light;

/** Candidate ÷ pinned reference, night by night, with its levels and where they change. */
export function nightRatioChart(input: NightRatio): Chart {
  const { series, name } = input;
  return {
    name,
    finding: nightRatioFinding(input),
    context: nightContext(input),
    reading: `${isByWeek(series) ? 'A point is the middle ratio of a week, the block the whole range of its intervals.' : 'A point is a night: candidate ÷ pinned reference, both measured in it; the block is its interval.'} The flat lines are the mean of each level, a thick upright line begins a new level (advice, no verdict), a dashed one another reference. Hollow points were recorded, not measured; a cross below is a night without a ratio.`,
    draw: (widthPx) => drawNights(input, { widthPx, heightPx: 240, plain: false }),
  };
}

/** The same as a small multiple: line and levels alone. */
export function smallNightChart(input: NightRatio): Chart {
  return {
    ...nightRatioChart(input),
    draw: (widthPx) => drawNights(input, { widthPx, heightPx: 110, plain: true }),
  };
}

function nightRatioFinding({ series, changes }: NightRatio): string {
  const { metric, points, unit } = series;
  const newest = points.at(-1);
  if (newest === undefined) return `${metric}: no night could be compared`;
  const meaning = { unit, higherIsBetter: false };
  const now = newest.ratio === 1 ? 'unchanged' : formatChange(newest.ratio, meaning);
  const moved = changes.at(-1);
  const last =
    moved === undefined
      ? 'one level throughout'
      : `the last change of level is ${formatChange(moved.change, meaning)}, from ${formatInstant(moved.at)}`;
  return `${metric} ${now} against the reference in the newest of ${countOf(points.length, 'night')}; ${last}`;
}

function nightContext({ series, recorded }: NightRatio): string {
  const { points, gaps } = series;
  const levels = [...new Set(points.flatMap(({ level }) => level ?? []))].sort((a, b) => a - b);
  const made = points.filter(({ night }) => recorded.has(night)).length;
  return contextLine(
    isByWeek(series) ? `${countOf(points.length, 'night')}, drawn by week` : countOf(points.length, 'night'),
    levels.length === 0 ? 'no intervals' : `exact intervals at ${levels.map(levelText).join(' and ')}`,
    gaps.length === 0 ? null : countOf(gaps.length, 'gap'),
    made === 0 ? null : `${made === points.length ? 'all' : made} recorded`,
  );
}

function drawNights(
  { series, changes, recorded }: NightRatio,
  { widthPx, heightPx, plain }: { widthPx: number; heightPx: number; plain: boolean },
) {
  const marks = nightMarks(series, recorded);
  const axis = ratioAxis(
    marks.flatMap(({ ratio, low, high }) => [ratio, low ?? ratio, high ?? ratio]),
    plain ? 3 : 6,
  );
  const y = verticalChannel(axis);
  return themed(widthPx, {
    data: { values: marks.map((mark) => ({ ...mark })) },
    width: widthPx - 36 - 62,
    height: heightPx,
    encoding: { x: timeChannel(isNarrow(widthPx) || plain) },
    layer: [
      ...lineMarks(marks, y, plain),
      sameRule(y),
      ...levelRules(levelMarks(series, changes), y),
      ...(plain ? [] : gapMarks(series, axis, y)),
      ...changeRules(series, changes),
    ],
  });
}

function lineMarks(marks: readonly NightMark[], y: SpecPart, plain: boolean): SpecPart[] {
  const detail = { field: 'stretch', type: 'nominal' };
  const point = (filled: boolean): SpecPart => ({
    transform: [{ filter: `${filled ? '!' : ''}datum.recorded` }],
    mark: {
      type: 'point',
      filled,
      size: marks.length > 60 ? 18 : 44,
      opacity: 1,
      color: LINE,
      ...(filled ? {} : { fill: INK.paper.light, strokeWidth: 1.5 }),
    },
    encoding: { y: { field: 'ratio', ...y } },
  });
  return [
    {
      transform: [{ filter: 'isValid(datum.low)' }],
      mark: { type: 'area', color: LINE, opacity: 0.16 },
      encoding: { y: { field: 'low', ...y }, y2: { field: 'high' }, detail },
    },
    {
      mark: { type: 'line', color: LINE, strokeWidth: 1.5 },
      encoding: { y: { field: 'ratio', ...y }, detail },
    },
    ...(plain ? [] : [point(true), point(false)]),
  ];
}

function sameRule(y: SpecPart): SpecPart {
  return {
    mark: { type: 'rule', color: INK.soft.light, strokeWidth: 1 },
    encoding: { x: null, y: { datum: 1, ...y } },
  };
}

function levelRules(levels: readonly LevelMark[], y: SpecPart): SpecPart[] {
  return [
    {
      data: { values: levels.map((level) => ({ ...level })) },
      mark: { type: 'rule', color: INK.strong.light, strokeWidth: 2 },
      encoding: {
        x: { field: 'from', type: 'temporal', scale: { type: 'utc' } },
        x2: { field: 'to' },
        y: { field: 'ratio', ...y },
      },
    },
  ];
}

function gapMarks({ gaps }: NightSeries, axis: RatioAxis, y: SpecPart): SpecPart[] {
  const nights = gaps.filter(({ night }) => night !== null).map(({ at }) => ({ at, ratio: axis.domain[0] }));
  if (nights.length === 0) return [];
  return [
    {
      data: { values: nights },
      mark: { type: 'text', text: '×', color: INK.soft.light, fontSize: 13, dy: -6 },
      encoding: { y: { field: 'ratio', ...y } },
    },
  ];
}

function changeRules({ repins }: NightSeries, changes: readonly ChangePoint[]): SpecPart[] {
  const rule = (values: readonly SpecPart[], mark: SpecPart): SpecPart[] =>
    values.length === 0 ? [] : [{ data: { values }, mark: { type: 'rule', ...mark }, encoding: { y: null } }];
  const at = (worse: boolean) =>
    changes.filter(({ change }) => change > 1 === worse).map((one) => ({ at: one.at }));
  return [
    ...rule(
      repins.map((one) => ({ at: one.at })),
      { color: INK.soft.light, strokeWidth: 1, strokeDash: [4, 3] },
    ),
    ...rule(at(true), { color: VERDICT_LOOK.slower.light, strokeWidth: 2.5 }),
    ...rule(at(false), { color: VERDICT_LOOK.equivalent.light, strokeWidth: 2.5 }),
  ];
}

function timeChannel(few: boolean): SpecPart {
  return {
    field: 'at',
    type: 'temporal',
    scale: { type: 'utc', nice: false, padding: 12 },
    axis: { title: null, tickCount: few ? 3 : 7, grid: false, labelOverlap: 'greedy', format: '%-d %b %Y' },
  };
}

function verticalChannel(axis: RatioAxis): SpecPart {
  return {
    type: 'quantitative',
    scale: { type: 'log', domain: axis.domain, nice: false },
    axis: { title: null, values: axis.ticks, labelExpr: axis.labelExpr },
  };
}
