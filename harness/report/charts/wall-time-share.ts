import type { TopLevelSpec } from 'vega-lite';
import { TIME_PARTS, type TimePart, type TimeShare } from '../../profiling/statement-record.ts';
import { isSmallShare, PART_NAMES } from '../../profiling/time-share.ts';
import { countOf, formatDuration, formatShare, SHARE_AXIS_LABEL } from '../../quantity.ts';
import { type Chart, isNarrow } from './chart.ts';
import { contextLine } from './context.ts';
import { INK, TIME_COLOURS } from './palette.ts';
import { themed } from './theme.ts';

/** A segment below this share of the bar is too narrow for its time. */
const LABEL_FROM_SHARE = 0.1;

/** Where the wall time of a dispatch goes, as one bar. @param context what was measured: the dataset, or the service */
export function wallTimeShareChart(share: TimeShare, context: string): Chart {
  return {
    name: 'wall-time-share',
    finding: shareFinding(share),
    context: contextLine(
      context,
      `${countOf(share.probes, 'dispatch', 'dispatches')}, each alone`,
      `wall time ${formatDuration(share.wallMs.median)}`,
    ),
    reading:
      'Medians. Reads and writes are execution in the server; round trips are what else the service waited for: network, planning, handing over. Everything but the service itself is the most that a change to the database can gain.',
    draw: (widthPx) => drawBar(share, widthPx),
  };
}

function shareFinding(share: TimeShare): string {
  const said = `The database is ${formatShare(share.databaseShare.median)} of a dispatch's wall time`;
  return isSmallShare(share) ? `${said}: an index cannot help here` : said;
}

interface Segment {
  readonly part: string;
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly ink: string;
}

function segmentsOf({ parts }: TimeShare, labelFrom: number): Segment[] {
  let from = 0;
  return TIME_PARTS.map((part) => {
    const { share, ms } = parts.find((one) => one.part === part) ?? NOTHING;
    const segment = {
      part: nameOf(part, share.median),
      from,
      to: from + share.median,
      label: share.median < labelFrom ? '' : formatDuration(ms.median, 2),
      ink: part === 'reads' ? INK.paper.light : INK.strong.light,
    };
    from = segment.to;
    return segment;
  });
}

const NOTHING = { share: { median: 0 }, ms: { median: 0 } };

/** With its share: the narrow ones have no room for it in the bar. */
function nameOf(part: TimePart, share: number): string {
  return `${PART_NAMES[part]} ${formatShare(share)}`;
}

function drawBar(share: TimeShare, widthPx: number): TopLevelSpec {
  const narrow = isNarrow(widthPx);
  const segments = segmentsOf(share, LABEL_FROM_SHARE * (narrow ? 2 : 1));
  const end = segments.at(-1)?.to ?? 1;
  const scale = { domain: [0, Math.max(1, end)], nice: false };
  return themed(widthPx, {
    data: { values: segments },
    width: widthPx - 56,
    height: 56,
    layer: [
      {
        mark: { type: 'bar', height: 48, stroke: INK.paper.light, strokeWidth: 1 },
        encoding: {
          x: {
            field: 'from',
            type: 'quantitative',
            scale,
            axis: { title: null, grid: false, labelExpr: SHARE_AXIS_LABEL, tickCount: narrow ? 3 : 6 },
          },
          x2: { field: 'to' },
          color: {
            field: 'part',
            type: 'nominal',
            scale: {
              domain: segments.map(({ part }) => part),
              range: TIME_PARTS.map((part) => TIME_COLOURS[part].light),
            },
            legend: {
              symbolType: 'square',
              symbolStrokeWidth: 0,
              columns: narrow ? 1 : 3,
              rowPadding: 5,
              labelLimit: 0,
            },
          },
        },
      },
      {
        transform: [
          { filter: "datum.label !== ''" },
          { calculate: '(datum.from + datum.to) / 2', as: 'middle' },
        ],
        mark: { type: 'text', fontSize: 12 },
        encoding: {
          x: { field: 'middle', type: 'quantitative', scale },
          text: { field: 'label' },
          color: { field: 'ink', type: 'nominal', scale: null },
        },
      },
    ],
  });
}
