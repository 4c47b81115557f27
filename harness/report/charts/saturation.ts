import { formatFactor, isFactor } from '../../change.ts';
import { countOf, formatRate, shortenPath } from '../../quantity.ts';
import type { LoadReport } from '../../result.ts';
import { type Chart, isNarrow } from './chart.ts';
import { contextLine, generatorContext } from './context.ts';
import { logAxis } from './log-ticks.ts';
import { INK, type VariantStyle } from './palette.ts';
import { themed, variantColour, variantShape } from './theme.ts';

/** Throughput of one saturated endpoint in one variant: the median over runs. */
export interface SaturationRow {
  variant: string;
  endpoint: string;
  throughputPerSecond: number;
  concurrency: number | null;
}

export interface SaturationData {
  rows: readonly SaturationRow[];
  styles: ReadonlyMap<string, VariantStyle>;
  report: Pick<LoadReport, 'generator' | 'model'>;
  context: string;
  baseline: string;
  candidate: string;
}

/** Requests per second of single endpoints in a closed loop. `null` when no endpoint was saturated. */
export function saturationChart(data: SaturationData): Chart | null {
  if (!data.rows.some(({ throughputPerSecond }) => throughputPerSecond > 0)) return null;
  return {
    name: `saturation-${data.report.generator}`,
    finding: saturationFinding(data),
    context: contextLine(data.context, generatorContext(data.report)),
    reading: 'The most one endpoint answered while nothing else ran. Further right is better.',
    draw: (widthPx) => drawSaturation(data, widthPx),
  };
}

function saturationFinding({ rows, baseline, candidate }: SaturationData): string {
  const best = rows
    .filter((row) => row.variant === candidate)
    .toSorted((a, b) => b.throughputPerSecond - a.throughputPerSecond)[0];
  if (baseline === candidate || best === undefined) {
    const top = best ?? (rows[0] as SaturationRow);
    return `Saturated, ${top.endpoint} answers ${formatRate(top.throughputPerSecond)}`;
  }
  const ratios = rows
    .filter((row) => row.variant === candidate)
    .flatMap((row) => {
      const before = rows.find((other) => other.variant === baseline && sameProbe(other, row));
      return before === undefined || before.throughputPerSecond === 0
        ? []
        : [row.throughputPerSecond / before.throughputPerSecond];
    })
    .sort((a, b) => a - b);
  const least = ratios[0];
  const most = ratios.at(-1);
  if (least === undefined || most === undefined)
    return `Saturated, ${best.endpoint} answers ${formatRate(best.throughputPerSecond)}`;
  if (least > 1 && isFactor(least)) {
    const range =
      ratios.length === 1 || formatFactor(least) === formatFactor(most)
        ? formatFactor(most)
        : `${formatFactor(least)} to ${formatFactor(most)}`;
    return `Saturated, ${candidate} answers ${range} as many requests per second as ${baseline}`;
  }
  const percent = (ratio: number) => `${Math.round(ratio * 100)} %`;
  return `Saturated, ${candidate} answers ${percent(least)} to ${percent(most)} of what ${baseline} answers`;
}

function drawSaturation({ rows, styles }: SaturationData, widthPx: number) {
  const narrow = isNarrow(widthPx);
  const axis = logAxis(
    rows.map(({ throughputPerSecond }) => throughputPerSecond),
    narrow ? 5 : 8,
  );
  const values = rows.map((row) => ({
    ...row,
    name: rowName(row, narrow),
    label: formatRate(row.throughputPerSecond),
    ...placeAmong(rows, row),
  }));
  const endsOf = [...new Set(values.map(({ name }) => name))].map((name) => {
    const rates = values.filter((value) => value.name === name).map((value) => value.throughputPerSecond);
    return { name, least: Math.min(...rates), most: Math.max(...rates) };
  });
  const legend = styles.size > 1 ? {} : null;
  const width = narrow ? widthPx - 36 - 60 : widthPx - 36 - 210 - 60;
  const endLabel = (side: 'least' | 'most') => ({
    transform: [{ filter: `datum.${side}` }],
    mark: {
      type: 'text',
      align: side === 'most' ? 'left' : 'right',
      dx: side === 'most' ? 10 : -10,
      fontSize: 11,
    },
    encoding: { x: { field: 'throughputPerSecond', type: 'quantitative' }, text: { field: 'label' } },
  });
  return themed(widthPx, {
    data: { values },
    width,
    height: { step: narrow ? 58 : 44 },
    encoding: {
      y: {
        field: 'name',
        type: 'nominal',
        sort: null,
        axis: narrow ? null : { title: null, ticks: false, domain: false, labelLineHeight: 14, grid: false },
      },
    },
    layer: [
      {
        data: { values: endsOf },
        mark: { type: 'rule', color: INK.line.light, strokeWidth: 2 },
        encoding: {
          x: {
            field: 'least',
            type: 'quantitative',
            scale: { type: 'log', domain: axis.domain },
            axis: { title: 'requests per second (log scale)', values: axis.ticks, format: '~s' },
          },
          x2: { field: 'most' },
        },
      },
      {
        mark: { type: 'point', filled: true, size: 110, opacity: 1 },
        encoding: {
          x: { field: 'throughputPerSecond', type: 'quantitative' },
          color: variantColour(styles, legend),
          shape: variantShape(styles, legend),
        },
      },
      endLabel('most'),
      ...(styles.size > 1 ? [endLabel('least')] : []),
      ...(narrow
        ? [
            {
              data: { values: endsOf },
              mark: { type: 'text', align: 'left', x: 0, dy: -17, fontWeight: 'bold' },
              encoding: { text: { field: 'name' } },
            },
          ]
        : []),
    ],
  });
}

function rowName({ endpoint, concurrency }: SaturationRow, narrow: boolean): string {
  if (concurrency === null) return shortenPath(endpoint, narrow ? 44 : 33);
  const connections = countOf(concurrency, 'connection');
  return narrow
    ? `${shortenPath(endpoint, 30)}, ${connections}`
    : `${shortenPath(endpoint, 33)}\n${connections}`;
}

function sameProbe(a: SaturationRow, b: SaturationRow): boolean {
  return a.endpoint === b.endpoint && a.concurrency === b.concurrency;
}

function placeAmong(rows: readonly SaturationRow[], row: SaturationRow): { least: boolean; most: boolean } {
  const rates = rows.filter((other) => sameProbe(other, row)).map((other) => other.throughputPerSecond);
  return {
    least: row.throughputPerSecond === Math.min(...rates) && rates.length > 1,
    most: row.throughputPerSecond === Math.max(...rates),
  };
}
