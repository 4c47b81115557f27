import { Resvg } from '@resvg/resvg-js';
import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { HarnessError, messageOf } from '../errors.ts';
import { type Chart, WIDE_PX } from './charts/chart.ts';
import { CHART_FONT, FONT_PX } from './charts/theme.ts';
import { CHART_FONT_FILES, textWidth, wrapText } from './font-metrics.ts';

/** Pixels of the PNG per pixel of the drawing: sharp on a dense screen and in print. */
const PNG_SCALE = 2;

interface MeasuredText {
  text?: unknown;
  fontSize?: number;
  fontWeight?: string | number;
  /** Beyond it the text is cut with an ellipsis; 0: no limit. */
  limit?: number;
}

// Without a canvas, Vega guesses 0.8 em a letter and leaves wide gaps. It reads `textMetrics.width` at each use, and
// vl-convert replaces it in the same way; the font measured here is the font the PNG is drawn with.
const { textMetrics } = vega as unknown as {
  textMetrics: { width: (item: MeasuredText, text: string) => number };
};
textMetrics.width = (item, text) => {
  const width = textWidth(
    String(text ?? ''),
    item.fontSize ?? 11,
    isBold(item.fontWeight) ? 'bold' : 'regular',
  );
  return item.limit === undefined || item.limit <= 0 ? width : Math.min(width, item.limit);
};

function isBold(weight: string | number | undefined): boolean {
  return weight === 'bold' || Number(weight) >= 600;
}

/** The drawing with finding and context as its title: what is stored as a file. */
export function titledSpec(chart: Chart, widthPx = WIDE_PX): TopLevelSpec {
  const textPx = widthPx - 40;
  return {
    ...chart.draw(widthPx),
    title: {
      text: wrapText(chart.finding, textPx, FONT_PX.title, 'bold'),
      subtitle: wrapText(chart.context, textPx, FONT_PX.context),
    },
  } as TopLevelSpec;
}

/** Draws a Vega-Lite specification as SVG. Warnings of the compiler are handed to `onWarning`; errors are thrown. */
export async function renderSvg(
  spec: TopLevelSpec,
  onWarning: (message: string) => void = () => {},
): Promise<string> {
  try {
    const logger = warningLogger(onWarning);
    const runtime = vega.parse(compile(spec, { logger }).spec);
    const view = new vega.View(runtime, { renderer: 'none', logger });
    try {
      return await view.toSVG();
    } finally {
      view.finalize();
    }
  } catch (error) {
    throw new HarnessError('INTERNAL', `a chart could not be drawn: ${messageOf(error)}`, { cause: error });
  }
}

/** Draws an SVG as PNG with the bundled font only, at twice its size. */
export function renderPng(svg: string): Buffer {
  const resvg = new Resvg(svg, {
    font: {
      loadSystemFonts: false,
      fontFiles: Object.values(CHART_FONT_FILES),
      defaultFontFamily: CHART_FONT,
      sansSerifFamily: CHART_FONT,
    },
    fitTo: { mode: 'zoom', value: PNG_SCALE },
  });
  return resvg.render().asPng();
}

function warningLogger(onWarning: (message: string) => void): vega.LoggerInterface {
  const logger: vega.LoggerInterface = {
    level: () => logger,
    error: (...messages: unknown[]) => {
      throw new Error(messages.map(messageOf).join(' '));
    },
    warn: (...messages: unknown[]) => {
      onWarning(messages.map(messageOf).join(' '));
      return logger;
    },
    info: () => logger,
    debug: () => logger,
  } as vega.LoggerInterface;
  return logger;
}
