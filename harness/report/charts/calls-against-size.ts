import type { Finding } from '../../profiling/finding.ts';
import { LEADS } from '../../profiling/finding-words.ts';
import type { Dimension } from '../../profiling/growth-sample.ts';
import { amountOf, formulaText, oneOf, slopeText } from '../../profiling/growth-words.ts';
import { countOf, formatCount, formatDuration } from '../../quantity.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { contextLine } from './context.ts';
import { INK, PHASE_COLOURS } from './palette.ts';
import { statementLabel } from './statement-label.ts';
import { panelTitle, themed } from './theme.ts';

/** A finding that grows with something, so that it can be drawn against it. */
type GrowingFinding = Finding & { readonly dimension: Dimension };

const MOST_PANELS = 6;

/** A letter of a panel's title, generously. */
const LETTER_PX = 7.8;

/** A letter of the note in a panel, generously. */
const NOTE_LETTER_PX = 6.4;

/**
 * Calls against the size of the work, a panel for each of the costliest findings. `null` when none grows.
 *
 * @param context what was measured: the dataset, or the service
 */
export function callsAgainstSizeChart(findings: readonly Finding[], context: string): Chart | null {
  const growing = findings.filter((finding): finding is GrowingFinding => finding.dimension !== null);
  const shown = growing.slice(0, MOST_PANELS);
  const [first] = shown;
  if (first === undefined) return null;
  const left = growing.length - shown.length;
  return {
    name: 'calls-against-size',
    finding: growthFinding(growing, first),
    context: contextLine(
      context,
      measuredText(shown),
      left === 0 ? null : `the ${shown.length} costliest of ${growing.length} findings`,
    ),
    reading:
      'Calls of one unit of work against its size. One ring a repeat: repeats that agree lie on each other. The line is the fit.',
    draw: (widthPx) => drawPanels(shown, widthPx),
  };
}

function growthFinding(growing: readonly GrowingFinding[], first: GrowingFinding): string {
  if (growing.length === 1) return `${subjectOf(first, 60)}: ${slopeLabel(first)}`;
  const calls = countOf(Math.round(first.cost.calls), 'call');
  return `${formatCount(growing.length)} findings grow with the work; the costliest makes ${calls} at ${sizesLabel(first)}`;
}

function subjectOf({ statement, kind }: Finding, letters: number): string {
  return statement === null ? LEADS[kind] : statementLabel(statement, letters);
}

/** "1 call for each booking", "bookings × drivers calls" */
function slopeLabel({ fit, plateau, dimension }: GrowingFinding): string {
  if (plateau !== null) return `1 call for each ${oneOf(dimension)}, up to ${formatCount(plateau.calls)}`;
  if (fit === null) return `more calls the more ${dimension}`;
  if (fit.terms.length > 1) return `${formulaText(fit)} calls`;
  const slope = slopeText(fit.terms[0]?.slope ?? 0);
  return `${slope} ${slope === '1' ? 'call' : 'calls'} for each ${oneOf(dimension)}`;
}

function costLabel(finding: Finding): string {
  const { calls, totalMs } = finding.cost;
  const time = totalMs === null ? '' : `, ${formatDuration(totalMs, 2)}`;
  return `at ${sizesLabel(finding)}: ${formatCount(Math.round(calls))} to save${time}`;
}

function sizesLabel({ cost }: Finding): string {
  const sizes = Object.entries(cost.sizes).map(([name, size]) => amountOf(size ?? 0, name as Dimension));
  return sizes.join(' and ');
}

function measuredText(shown: readonly GrowingFinding[]): string {
  const repeats = shown.flatMap(({ points }) => points.map(({ calls }) => calls.length));
  const [least, most] = [Math.min(...repeats), Math.max(...repeats)];
  return least === most
    ? `${countOf(least, 'repeat')} of each size`
    : `${formatCount(least)} or more repeats of each size`;
}

function drawPanels(shown: readonly GrowingFinding[], widthPx: number) {
  const columns = isNarrow(widthPx) || shown.length === 1 ? 1 : 2;
  const panelPx = Math.floor((widthPx - 36) / columns - 58);
  const units = new Set(shown.map(({ unit }) => unit));
  return themed(widthPx, {
    columns,
    concat: shown.map((finding) => drawPanel(finding, { panelPx, withUnit: units.size > 1 })),
  });
}

function drawPanel(
  finding: GrowingFinding,
  { panelPx, withUnit }: { panelPx: number; withUnit: boolean },
): SpecPart {
  const { dimension, points, kind, unit } = finding;
  const path = fittedPath(finding);
  const rings = points.flatMap(({ sizes, calls }) =>
    calls.map((made) => ({ n: sizes[dimension] ?? 0, calls: made })),
  );
  const top = Math.max(1, ...[...path, ...rings].map(({ calls }) => calls));
  const right = Math.max(...rings.map(({ n }) => n));
  const x = {
    field: 'n',
    type: 'quantitative',
    scale: { domain: [0, right * 1.05], nice: false },
    axis: { title: dimension, tickCount: 5, tickMinStep: 1, grid: false, format: ',d' },
  };
  const y = {
    field: 'calls',
    type: 'quantitative',
    // Room above for the note, which the rising line leaves free on the left
    scale: { domain: [0, top * 1.3], nice: false },
    axis: { title: null, tickCount: 4, tickMinStep: 1, format: ',d' },
  };
  const letters = Math.floor((panelPx + 40) / LETTER_PX);
  return {
    title: {
      ...panelTitle(subjectOf(finding, letters)),
      subtitle: withUnit ? `${LEADS[kind]} · ${unit}` : LEADS[kind],
      subtitleFontSize: 11,
      subtitlePadding: 3,
    },
    width: panelPx,
    height: 170,
    layer: [
      {
        data: { values: path },
        mark: { type: 'line', color: PHASE_COLOURS.load.light, strokeWidth: 1.5, opacity: 0.75 },
        encoding: { x, y },
      },
      {
        data: { values: rings },
        mark: {
          type: 'point',
          filled: false,
          size: 60,
          strokeWidth: 1.6,
          opacity: 1,
          color: PHASE_COLOURS.load.light,
        },
        encoding: { x, y },
      },
      note(slopeLabel(finding), 10, { fontWeight: 'bold' }, panelPx),
      note(costLabel(finding), 25, { color: INK.soft.light }, panelPx),
    ],
  };
}

/** A line of text in the free corner on the top left. */
function note(text: string, yPx: number, look: SpecPart, panelPx: number): SpecPart {
  const letters = Math.floor(panelPx / NOTE_LETTER_PX);
  const shown = text.length <= letters ? text : `${text.slice(0, letters - 1).trimEnd()}…`;
  return {
    data: { values: [{ text: shown }] },
    mark: { type: 'text', align: 'left', baseline: 'middle', fontSize: 11, ...look },
    encoding: { x: { value: 7 }, y: { value: yPx }, text: { field: 'text', type: 'nominal' } },
  };
}

interface PathPoint {
  readonly n: number;
  readonly calls: number;
}

/** Corners of a curve: enough for a square to look smooth. */
const CORNERS = 24;

/**
 * The fit over the measured sizes. A plateau is drawn from size to size; a fit that depends on another dimension as well has
 * no one line against this one.
 */
function fittedPath({ fit, plateau, dimension, points }: GrowingFinding): PathPoint[] {
  const sizes = points.map(({ sizes: at }) => at[dimension] ?? 0);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  if (plateau !== null && plateau.parents === null) return meanPath(points, dimension);
  if (fit === null || fit.terms.some(({ of }) => of.some((other) => other !== dimension))) return [];
  const corners = fit.terms.length === 1 ? 1 : CORNERS;
  return Array.from({ length: corners + 1 }, (_, index) => {
    const n = least + ((most - least) * index) / corners;
    return {
      n,
      calls: fit.terms.reduce((sum, { of, slope }) => sum + slope * n ** of.length, fit.intercept),
    };
  });
}

function meanPath(points: Finding['points'], dimension: Dimension): PathPoint[] {
  const sizes = [...new Set(points.map((point) => point.sizes[dimension] ?? 0))].toSorted((a, b) => a - b);
  return sizes.map((n) => {
    const calls = points.filter((point) => point.sizes[dimension] === n).flatMap((point) => point.calls);
    return { n, calls: calls.reduce((sum, value) => sum + value, 0) / calls.length };
  });
}
