import { formatChange, formatChangeInterval } from '../../change.ts';
import type { Comparison, ExperimentRecord, TimingComparison } from '../../experiment-record.ts';
import { countOf, shortenPath } from '../../quantity.ts';
import { MINIMUM_PAIRS } from '../../statistics/verdict.ts';
import { costRatio, decisiveGate, gateTimings, lowerCost } from '../gate.ts';
import { levelText } from '../verdict-sentence.ts';
import { isRefused, NO_VERDICT, timingLook, type VerdictLook } from '../verdict-words.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { contextLine } from './context.ts';
import { INK } from './palette.ts';
import { ratioAxis } from './ratio-axis.ts';
import { themed } from './theme.ts';

export interface ChangesForestData {
  comparison: Comparison;
  /** Of the experiment: one that broke off gives no verdict. */
  state: ExperimentRecord['state'];
  context: string;
  /** File name; a report with several comparisons needs several. */
  name: string;
}

const MOST_ROWS = 18;

/** Gate metrics the title names one by one; of more it names the worst. */
const MOST_TOLD = 2;

/** Every timing of a comparison: ratio, interval, band of no interest and verdict. `null` when there is no timing. */
export function changesForestChart({ comparison, state, context, name }: ChangesForestData): Chart | null {
  if (comparison.timings.length === 0) return null;
  const { timings } = comparison;
  const shown = shownTimings(timings);
  const levels = [...new Set(timings.flatMap(({ level }) => (level === null ? [] : [level])))];
  const pairs = [...new Set(timings.map((timing) => timing.pairs))].sort((a, b) => a - b);
  return {
    name,
    finding: forestFinding(comparison, state),
    context: contextLine(
      pairs.length === 1 ? countOf(pairs[0] as number, 'pair') : `${pairs[0]} to ${pairs.at(-1)} pairs`,
      levels.length === 0
        ? `no interval below ${MINIMUM_PAIRS} pairs`
        : `exact Wilcoxon intervals at ${levels.map(levelText).join(' and ')}`,
      shown.length < timings.length
        ? `${shown.length} of ${timings.length} timings, the table has all`
        : null,
      context,
    ),
    reading:
      'A point is the ratio candidate ÷ baseline (for throughput baseline ÷ candidate, so that left is always better), the bar its interval, the grey block the band of no interest.',
    draw: (widthPx) => drawForest(shown, (timing) => timingLook(timing, comparison, state), widthPx),
  };
}

/** All of them, or as many as fit. */
function shownTimings(timings: readonly TimingComparison[]): TimingComparison[] {
  if (timings.length <= MOST_ROWS) return [...timings];
  // What decides first, then what has a verdict: a chart full of tails that are too thin to compare shows nothing.
  const rank = ({ role, verdict }: TimingComparison) =>
    role === 'gate' ? 0 : verdict === 'not-comparable' ? 2 : 1;
  return timings.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST_ROWS);
}

type State = ExperimentRecord['state'];

function forestFinding(comparison: Comparison, state: State): string {
  const { candidate, baseline, timings } = comparison;
  const look = (timing: TimingComparison) => timingLook(timing, comparison, state);
  if (isRefused(comparison)) return `${candidate} and ${baseline} are not comparable`;
  if (timings.every((timing) => look(timing) === NO_VERDICT)) {
    const why = state === 'complete' ? 'too few pairs for a verdict' : 'broken off, so no verdict';
    return `${candidate} against ${baseline}: ${why}`;
  }
  const gates = gateTimings(comparison);
  const others = timings.filter(({ role }) => role !== 'gate');
  const told =
    gates.length <= MOST_TOLD ? gates : [decisiveGate(comparison) ?? (gates[0] as TimingComparison)];
  const untold = gates.filter((gate) => !told.includes(gate));
  const decided = [
    ...told.map((gate) => `${gate.metric} ${look(gate).word}, ${decidedChange(gate)}`),
    ...(untold.length === 0 ? [] : [`of ${untold.length} others that decide ${tally(untold.map(look))}`]),
  ];
  const rest =
    others.length === 0 ? [] : [`of ${countOf(others.length, 'other timing')} ${tally(others.map(look))}`];
  return `${candidate}: ${[...decided, ...rest].join('; ')}`;
}

function tally(looks: readonly VerdictLook[]): string {
  const counts = new Map<string, number>();
  for (const { word } of looks) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');
}

function decidedChange(timing: TimingComparison): string {
  return timing.low === null || timing.high === null
    ? formatChange(timing.ratio, timing)
    : formatChangeInterval(timing.low, timing.high, timing);
}

function forestRow(timing: TimingComparison, look: VerdictLook, index: number, narrow: boolean): SpecPart {
  const ends = [timing.low, timing.high].map((end) => (end === null ? null : costRatio(end, timing)));
  const band = [1 - timing.delta, 1 + timing.delta].map((end) => costRatio(end, timing));
  const interval =
    timing.low === null || timing.high === null
      ? `no interval (${countOf(timing.pairs, 'pair')})`
      : formatChangeInterval(timing.low, timing.high, timing);
  return {
    row: index,
    metric: narrow ? shortenPath(timing.metric, 44) : rowLabel(timing.metric),
    ratio: costRatio(timing.ratio, timing),
    low: timing.low === null ? null : Math.min(...(ends as number[])),
    high: timing.high === null ? null : Math.max(...(ends as number[])),
    bandLow: Math.min(...band),
    bandHigh: Math.max(...band),
    verdict: `${look.sign} ${look.word}${timing.role === 'exploratory' && !narrow ? ' (exploratory)' : ''}`,
    interval,
    both: `${look.sign} ${look.word}, ${interval}`,
    colour: look.light,
  };
}

const ROW_LETTERS = 34;

/** One line where the path can be shortened to fit, else the longest two that are not cut. */
function rowLabel(metric: string): string {
  const line = shortenPath(metric, ROW_LETTERS);
  if (!line.endsWith('…')) return line;
  for (let letters = 2 * ROW_LETTERS; letters > ROW_LETTERS; letters -= 2) {
    const lines = breakLines(shortenPath(metric, letters), ROW_LETTERS);
    if (!lines.some((one) => one.endsWith('…'))) return lines.join('\n');
  }
  return breakLines(metric, ROW_LETTERS).join('\n');
}

/** Breaks a metric's name between words, at most two lines; the second is cut. */
function breakLines(text: string, letters: number): string[] {
  if (text.length <= letters) return [text];
  const cut = text.lastIndexOf(' ', letters);
  const first = text.slice(0, cut > 0 ? cut : letters).trim();
  const rest = text.slice(first.length).trim();
  return [first, rest.length > letters ? `${rest.slice(0, letters - 1)}…` : rest];
}

function drawForest(
  timings: readonly TimingComparison[],
  lookOf: (timing: TimingComparison) => VerdictLook,
  widthPx: number,
) {
  const narrow = isNarrow(widthPx);
  const sorted = timings.toSorted(
    (a, b) =>
      Number(a.role === 'exploratory') - Number(b.role === 'exploratory') || lowerCost(a) - lowerCost(b),
  );
  const rows = sorted.map((timing, index) => forestRow(timing, lookOf(timing), index, narrow));
  const axis = ratioAxis(
    rows.flatMap((row) => [row.ratio, row.low, row.high, row.bandLow, row.bandHigh] as number[]),
    narrow ? 5 : 8,
  );
  const width = narrow ? widthPx - 44 : widthPx - 36 - 245 - 190;
  return themed(widthPx, {
    data: { values: rows },
    width,
    height: { step: narrow ? 74 : 46 },
    encoding: {
      y: {
        field: 'row',
        type: 'ordinal',
        scale: { paddingInner: narrow ? 0.66 : 0.35, paddingOuter: narrow ? 0.4 : 0.2 },
        axis: null,
      },
    },
    layer: [
      {
        mark: { type: 'rect', color: INK.grid.light },
        encoding: { x: ratioChannel('bandLow', axis, narrow), x2: { field: 'bandHigh' } },
      },
      {
        mark: { type: 'rule', color: INK.soft.light, strokeWidth: 1 },
        encoding: { x: { datum: 1 }, y: null },
      },
      {
        transform: [{ filter: 'isValid(datum.low)' }],
        mark: { type: 'rule', strokeWidth: 3, strokeCap: 'round' },
        encoding: {
          x: { field: 'low', type: 'quantitative' },
          x2: { field: 'high' },
          color: { field: 'colour', type: 'nominal', scale: null },
        },
      },
      {
        mark: { type: 'point', filled: true, size: 90, opacity: 1 },
        encoding: {
          x: { field: 'ratio', type: 'quantitative' },
          color: { field: 'colour', type: 'nominal', scale: null },
        },
      },
      ...(narrow ? narrowTexts() : wideTexts(width)),
    ],
  });
}

function ratioChannel(field: string, axis: ReturnType<typeof ratioAxis>, narrow: boolean): SpecPart {
  return {
    field,
    type: 'quantitative',
    scale: { type: 'log', domain: axis.domain, nice: false },
    axis: {
      title: narrow
        ? 'candidate ÷ baseline, left is better'
        : 'candidate ÷ baseline (log scale), left is better',
      values: axis.ticks,
      labelExpr: axis.labelExpr,
      labelOverlap: 'greedy',
    },
  };
}

/** Text beside or between the marks, with a rim of paper so that no line strikes it through. */
function label(field: string, x: number | string, mark: SpecPart, coloured = false): SpecPart[] {
  const text = { type: 'text', baseline: 'middle', align: 'left', ...mark, x };
  const ink = coloured ? { color: { field: 'colour', type: 'nominal', scale: null } } : {};
  return [
    { mark: { ...text, stroke: INK.paper.light, strokeWidth: 4 }, encoding: { text: { field } } },
    { mark: text, encoding: { text: { field }, ...ink } },
  ];
}

function wideTexts(width: number): SpecPart[] {
  return [
    ...label('metric', -14, { align: 'right', fontSize: 12, lineHeight: 15 }),
    ...label('verdict', width + 16, { dy: -8, fontSize: 12, fontWeight: 'bold' }, true),
    ...label('interval', width + 16, { dy: 8, color: INK.soft.light }),
  ];
}

function narrowTexts(): SpecPart[] {
  return [...label('metric', 0, { dy: -21, fontWeight: 'bold' }), ...label('both', 0, { dy: 21 }, true)];
}
