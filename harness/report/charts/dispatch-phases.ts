import { DURATION_AXIS_LABEL, formatDuration, formatShare, SHARE_AXIS_LABEL } from '../../quantity.ts';
import { type DispatchSummary, type PhaseTimes, timesItself } from '../dispatch-summary.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { aloneText, contextLine } from './context.ts';
import { PHASE_COLOURS } from './palette.ts';
import { panelTitle, themed, variantColumnPx, variantRows } from './theme.ts';

export interface DispatchPhasesData {
  summaries: readonly DispatchSummary[];
  context: string;
  baseline: string;
  candidate: string;
}

type TimedSummary = DispatchSummary & PhaseTimes;
type TimedData = Omit<DispatchPhasesData, 'summaries'> & { summaries: readonly TimedSummary[] };

type Phase = keyof typeof PHASE_COLOURS;

const PHASES: readonly { phase: Phase; field: 'loadMs' | 'decideMs' | 'applyMs' | 'restMs'; ink: string }[] =
  [
    { phase: 'load', field: 'loadMs', ink: '#ffffff' },
    { phase: 'decide', field: 'decideMs', ink: '#1c2530' },
    { phase: 'apply', field: 'applyMs', ink: '#1c2530' },
    { phase: 'rest', field: 'restMs', ink: '#1c2530' },
  ];

/** A segment below this share of its bar is too narrow for its own label. */
const LABEL_FROM_SHARE = 0.11;

/**
 * Time of a dispatch by phase: as long as it is, and as shares of the whole. `null` when nothing was probed, or the services do
 * not time themselves.
 */
export function dispatchPhasesChart(given: DispatchPhasesData): Chart | null {
  const summaries = given.summaries.filter(timesItself);
  if (summaries.length === 0 || summaries.length < given.summaries.length) return null;
  const data = { ...given, summaries };
  return {
    name: 'dispatch-phases',
    finding: phasesFinding(data),
    context: contextLine(data.context, aloneText(data.summaries)),
    reading:
      'Load reads bookings and drivers, decide chooses, apply writes assignments; rest is everything around them (HTTP, waiting).',
    draw: (widthPx) => drawPhases(data, widthPx),
  };
}

function phasesFinding({ summaries, baseline, candidate }: TimedData): string {
  const after = summaries.find((summary) => summary.variant === candidate);
  const before = summaries.find((summary) => summary.variant === baseline);
  const only = after ?? before ?? (summaries[0] as TimedSummary);
  if (after === undefined || before === undefined || after === before) {
    const longest = PHASES.toSorted((a, b) => only[b.field] - only[a.field])[0] as (typeof PHASES)[number];
    return `${only.variant} takes ${formatDuration(only.wallMs, 2)} for a dispatch, ${formatShare(only[longest.field] / only.wallMs)} of it in ${longest.phase}`;
  }
  return `${candidate} answers a dispatch in ${formatDuration(after.wallMs, 2)} instead of ${formatDuration(before.wallMs, 2)}`;
}

interface Segment {
  variant: string;
  phase: Phase;
  ms: number;
  fromMs: number;
  toMs: number;
  fromShare: number;
  toShare: number;
  label: string;
  ink: string;
}

function segmentsOf(summary: TimedSummary, labelFrom: number): Segment[] {
  const sum = PHASES.reduce((total, { field }) => total + summary[field], 0);
  const segments: Segment[] = [];
  let fromMs = 0;
  for (const { phase, field, ink } of PHASES) {
    const ms = summary[field];
    const share = sum === 0 ? 0 : ms / sum;
    segments.push({
      variant: summary.variant,
      phase,
      ms,
      fromMs,
      toMs: fromMs + ms,
      fromShare: sum === 0 ? 0 : fromMs / sum,
      toShare: sum === 0 ? 0 : (fromMs + ms) / sum,
      label: share < labelFrom ? '' : formatDuration(ms, 2),
      ink,
    });
    fromMs += ms;
  }
  return segments;
}

function drawPhases({ summaries }: TimedData, widthPx: number) {
  const narrow = isNarrow(widthPx);
  const names = summaries.map(({ variant }) => variant);
  const width = widthPx - 36 - variantColumnPx(names, widthPx) - 70;
  const values = summaries.flatMap((summary) => segmentsOf(summary, LABEL_FROM_SHARE * (narrow ? 2.4 : 1)));
  const totals = summaries.map((summary) => ({
    variant: summary.variant,
    toMs: PHASES.reduce((total, { field }) => total + summary[field], 0),
    label: formatDuration(summary.wallMs, 3),
  }));
  return themed(widthPx, {
    data: { values },
    vconcat: [
      {
        title: panelTitle('Time of one dispatch'),
        width,
        height: { step: 38 },
        layer: [
          bars('fromMs', 'toMs', {
            title: null,
            tickCount: narrow ? 3 : 6,
            labelExpr: DURATION_AXIS_LABEL,
          }),
          {
            data: { values: totals },
            mark: { type: 'text', align: 'left', dx: 8, fontSize: 12, fontWeight: 'bold' },
            encoding: { x: { field: 'toMs', type: 'quantitative' }, text: { field: 'label' } },
          },
        ],
        encoding: { y: variantRows(widthPx) },
      },
      {
        title: panelTitle(
          narrow ? 'As a share of each dispatch' : 'Where the time goes, as a share of each dispatch',
        ),
        width,
        height: { step: 38 },
        layer: [
          bars('fromShare', 'toShare', {
            title: null,
            labelExpr: SHARE_AXIS_LABEL,
            tickCount: narrow ? 3 : 6,
          }),
          {
            transform: [
              { filter: "datum.label !== ''" },
              { calculate: '(datum.fromShare + datum.toShare) / 2', as: 'middle' },
            ],
            mark: { type: 'text', fontSize: 11 },
            encoding: {
              x: { field: 'middle', type: 'quantitative' },
              text: { field: 'label' },
              color: { field: 'ink', type: 'nominal', scale: null },
            },
          },
        ],
        encoding: { y: variantRows(widthPx) },
      },
    ],
  });
}

function bars(from: string, to: string, axis: SpecPart): SpecPart {
  return {
    mark: { type: 'bar', stroke: '#ffffff', strokeWidth: 1 },
    encoding: {
      x: { field: from, type: 'quantitative', axis, scale: { nice: false } },
      x2: { field: to },
      color: {
        field: 'phase',
        type: 'nominal',
        scale: {
          domain: PHASES.map(({ phase }) => phase),
          range: PHASES.map(({ phase }) => PHASE_COLOURS[phase].light),
        },
        legend: { symbolType: 'square', symbolStrokeWidth: 0 },
      },
    },
  };
}
