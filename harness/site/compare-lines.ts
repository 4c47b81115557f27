/** Two panels of the load with the same axes, as SVG in the colours of the page. Pure; drawn in the browser. */

import { formatDuration, formatShare } from '../quantity.ts';
import { logAxis } from '../report/charts/log-ticks.ts';
import { INK, variantStyles } from '../report/charts/palette.ts';
import { escapeHtml } from '../report/escape.ts';
import { themedColour } from '../report/inline-svg.ts';
import type { LoadPanel } from './compared-data.ts';

const WIDTH = 460;
const HEIGHT = 240;
const PLOT = { left: 64, right: 12, top: 12, bottom: 34 };

interface Axes {
  readonly kind: LoadPanel['kind'];
  readonly x: { readonly from: number; readonly to: number; readonly ticks: readonly Tick[] };
  readonly y: { readonly domain: readonly [number, number]; readonly ticks: readonly number[] };
}

interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Axes that hold both panels; `null` for the one that is not there. */
export function sharedAxes(panels: readonly (LoadPanel | null)[]): Axes {
  const present = panels.flatMap((panel) => panel ?? []);
  const points = present.flatMap(({ lines }) => lines.flatMap((line) => line.points));
  const kind = present[0]?.kind ?? 'over-time';
  const { domain, ticks } = logAxis(
    points.map(([, ms]) => ms),
    6,
  );
  const along = points.map(([x]) => position(kind, x));
  const [from, to] = [Math.min(0, ...along), Math.max(1, ...along)];
  return {
    kind,
    x: { from, to, ticks: kind === 'percentiles' ? quantileTicks(to) : secondTicks(to) },
    y: { domain, ticks },
  };
}

/** Percentiles stand by their nines: 90 % at 1, 99 % at 2. */
function position(kind: LoadPanel['kind'], x: number): number {
  return kind === 'percentiles' ? -Math.log10(Math.max(1e-9, 1 - x)) : x;
}

function quantileTicks(to: number): Tick[] {
  return [0.5, 0.9, 0.99, 0.999, 0.9999]
    .map((quantile) => ({
      at: position('percentiles', quantile),
      label: `${Number((quantile * 100).toFixed(2))} %`,
    }))
    .filter(({ at }) => at <= to + 1e-9);
}

function secondTicks(to: number): Tick[] {
  const step = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600].find((one) => to / one <= 6) ?? 7200;
  return Array.from({ length: Math.floor(to / step) + 1 }, (_, index) => ({
    at: index * step,
    label: `${index * step} s`,
  }));
}

/** One panel as SVG; its text for those who cannot see it says where each line ends. */
export function panelSvg(panel: LoadPanel, axes: Axes): string {
  const x = (at: number) =>
    PLOT.left + ((at - axes.x.from) / (axes.x.to - axes.x.from)) * (WIDTH - PLOT.left - PLOT.right);
  const [low, high] = axes.y.domain.map(Math.log) as [number, number];
  const y = (ms: number) =>
    HEIGHT -
    PLOT.bottom -
    ((Math.log(ms) - low) / Math.max(1e-9, high - low)) * (HEIGHT - PLOT.top - PLOT.bottom);
  const styles = variantStyles(panel.lines.map(({ variant }) => variant));
  const lines = panel.lines.map(({ variant, points }) => {
    const style = styles.get(variant);
    const dots = points
      .filter(([, ms]) => ms > 0)
      .map(([at, ms]) => `${x(position(panel.kind, at)).toFixed(1)},${y(ms).toFixed(1)}`);
    return `<polyline points="${dots.join(' ')}" fill="none" stroke="${themedColour(style?.colour.light ?? INK.strong.light)}" stroke-width="2" stroke-linejoin="round"${style && style.dash[1] !== 0 ? ` stroke-dasharray="${style.dash.join(' ')}"` : ''}/>`;
  });
  return `<svg class="chart-drawing" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(panelText(panel))}" font-size="11" fill="${themedColour(INK.soft.light)}">
${axes.y.ticks.map((ms) => `<line x1="${PLOT.left}" x2="${WIDTH - PLOT.right}" y1="${y(ms).toFixed(1)}" y2="${y(ms).toFixed(1)}" stroke="${themedColour(INK.grid.light)}"/><text x="${PLOT.left - 7}" y="${(y(ms) + 4).toFixed(1)}" text-anchor="end">${formatDuration(ms, 1)}</text>`).join('\n')}
${axes.x.ticks.map(({ at, label }) => `<line x1="${x(at).toFixed(1)}" x2="${x(at).toFixed(1)}" y1="${HEIGHT - PLOT.bottom}" y2="${HEIGHT - PLOT.bottom + 4}" stroke="${themedColour(INK.line.light)}"/><text x="${x(at).toFixed(1)}" y="${HEIGHT - PLOT.bottom + 18}" text-anchor="middle">${label}</text>`).join('\n')}
${lines.join('\n')}
</svg>`;
}

/** "optimised: 12 ms at 99 %" of each line. */
export function panelText({ kind, subject, lines }: LoadPanel): string {
  const ends = lines.map(({ variant, points }) => {
    const [at, ms] = points.at(-1) ?? [0, 0];
    return `${variant}: ${formatDuration(ms)} at ${kind === 'percentiles' ? formatPercentile(at) : `${at} s`}`;
  });
  return `${subject}, latency ${kind === 'percentiles' ? 'by percentile' : 'over time'}. ${ends.join('; ')}`;
}

function formatPercentile(quantile: number): string {
  return quantile < 0.995 ? formatShare(quantile) : `${Number((quantile * 100).toFixed(3))} %`;
}
