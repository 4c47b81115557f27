import { type Colour, everyVariantColour, INK, PHASE_COLOURS, TIME_COLOURS } from './charts/palette.ts';
import { escapeHtml } from './escape.ts';
import { NO_VERDICT, VERDICT_LOOK } from './verdict-words.ts';

/** Every colour a chart or the page may use, by its light value. */
const COLOURS: ReadonlyMap<string, Colour> = new Map(
  [
    ...everyVariantColour(),
    ...Object.values(PHASE_COLOURS),
    ...Object.values(TIME_COLOURS),
    ...Object.values(INK),
    ...Object.values(VERDICT_LOOK),
    NO_VERDICT,
  ].map(({ light, dark }) => [light, { light, dark }]),
);

/** Declarations of the page's colours for one theme, as CSS custom properties. */
export function colourVariables(theme: keyof Colour): string {
  return [...COLOURS.values()].map((colour) => `${variableOf(colour.light)}:${colour[theme]}`).join(';');
}

/** A colour of the palette as a CSS value that follows the page's theme; any other colour as it is. */
export function themedColour(light: string): string {
  return COLOURS.has(light) ? `var(${variableOf(light)})` : light;
}

function variableOf(light: string): string {
  return `--c${light.slice(1)}`;
}

/**
 * Fits a drawn SVG into a page: colours follow the theme, ids are unique, the size follows the column, and the text for
 * those who cannot see it is the finding.
 *
 * @param id prefix of every id inside, unique in the page
 * @param describedBy id of the element that tells the drawing in words; default: none
 */
export function inlineSvg(
  svg: string,
  { id, label, describedBy }: { id: string; label: string; describedBy?: string },
): string {
  const description = describedBy === undefined ? '' : ` aria-describedby="${escapeHtml(describedBy)}"`;
  return (
    svg
      .replace(
        /<svg [^>]*?width="([\d.]+)" height="([\d.]+)" viewBox="([^"]+)">/,
        (_, width, _height, viewBox) => {
          const attributes = `class="chart-drawing" viewBox="${viewBox}" style="max-width:${width}px"`;
          return `<svg ${attributes} role="img" aria-label="${escapeHtml(label)}"${description}>`;
        },
      )
      // The drawing is one picture with one text; Vega gives each group in it a role without any.
      .replace(/ role="graphics-[a-z]+"| aria-roledescription="[^"]*"/g, '')
      .replace(/\b(fill|stroke)="(#[0-9a-f]{6})"/gi, (_, name, colour) => `${name}="${themedColour(colour)}"`)
      .replace(/\bid="([^"]+)"/g, (_, name) => `id="${id}-${name}"`)
      .replace(/url\(#([^)]+)\)/g, (_, name) => `url(#${id}-${name})`)
  );
}
