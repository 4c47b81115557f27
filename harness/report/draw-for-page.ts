import { type Chart, PHONE_PX, WIDE_PX } from './charts/chart.ts';
import type { DrawnChart } from './html-blocks.ts';

/** Both drawings of a chart, without its title, which the page says itself. */
export async function drawForPage(chart: Chart): Promise<DrawnChart> {
  const { renderSvg } = await import('./render-chart.ts');
  return {
    wideSvg: await renderSvg(chart.draw(WIDE_PX)),
    narrowSvg: await renderSvg(chart.draw(PHONE_PX)),
  };
}
