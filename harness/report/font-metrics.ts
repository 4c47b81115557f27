import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const FONT_FOLDER = join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf');

/** The only font files a chart is drawn with, so that a picture is the same on every machine. */
export const CHART_FONT_FILES = {
  regular: join(FONT_FOLDER, 'DejaVuSans.ttf'),
  bold: join(FONT_FOLDER, 'DejaVuSans-Bold.ttf'),
} as const;

export type FontFace = keyof typeof CHART_FONT_FILES;

interface FontWidths {
  unitsPerEm: number;
  advanceOf(codePoint: number): number;
}

/** Width of a line of text in pixels, from the font's own advance widths (no kerning). */
export function textWidth(text: string, fontSizePx: number, face: FontFace = 'regular'): number {
  const font = fontWidths(face);
  let units = 0;
  for (const character of text) units += font.advanceOf(character.codePointAt(0) ?? 0);
  return (units * fontSizePx) / font.unitsPerEm;
}

/** Breaks a text between words into lines of at most `widthPx`; a single longer word keeps a line of its own. */
export function wrapText(
  text: string,
  widthPx: number,
  fontSizePx: number,
  face: FontFace = 'regular',
): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, fontSizePx, face) > widthPx) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line === '' ? lines : [...lines, line];
}

const loaded = new Map<FontFace, FontWidths>();

function fontWidths(face: FontFace): FontWidths {
  const known = loaded.get(face);
  if (known !== undefined) return known;
  const widths = readWidths(readFileSync(CHART_FONT_FILES[face]));
  loaded.set(face, widths);
  return widths;
}

/** Reads the tables `head`, `hhea`, `hmtx` and `cmap` (format 4) of a TrueType file. Source: OpenType 1.9, "cmap", "hmtx". */
function readWidths(file: Buffer): FontWidths {
  const table = tableOffsets(file);
  const metricsCount = file.readUInt16BE(table('hhea') + 34);
  const advances = table('hmtx');
  const glyphOf = glyphLookup(file, table('cmap'));
  return {
    unitsPerEm: file.readUInt16BE(table('head') + 18),
    advanceOf: (codePoint) =>
      file.readUInt16BE(advances + 4 * Math.min(glyphOf(codePoint), metricsCount - 1)),
  };
}

function tableOffsets(file: Buffer): (tag: string) => number {
  const offsets = new Map<string, number>();
  for (let index = 0; index < file.readUInt16BE(4); index += 1) {
    const entry = 12 + 16 * index;
    offsets.set(file.toString('latin1', entry, entry + 4), file.readUInt32BE(entry + 8));
  }
  return (tag) => {
    const offset = offsets.get(tag);
    if (offset === undefined) throw new Error(`the chart font has no "${tag}" table`);
    return offset;
  };
}

function glyphLookup(file: Buffer, cmap: number): (codePoint: number) => number {
  const subtable = unicodeSubtable(file, cmap);
  const segments = file.readUInt16BE(subtable + 6) / 2;
  const endCodes = subtable + 14;
  const startCodes = endCodes + 2 * segments + 2;
  const deltas = startCodes + 2 * segments;
  const rangeOffsets = deltas + 2 * segments;
  return (codePoint) => {
    for (let segment = 0; segment < segments; segment += 1) {
      if (codePoint > file.readUInt16BE(endCodes + 2 * segment)) continue;
      const start = file.readUInt16BE(startCodes + 2 * segment);
      if (codePoint < start) return 0;
      const delta = file.readUInt16BE(deltas + 2 * segment);
      const rangeOffset = file.readUInt16BE(rangeOffsets + 2 * segment);
      if (rangeOffset === 0) return (codePoint + delta) & 0xffff;
      const glyph = file.readUInt16BE(rangeOffsets + 2 * segment + rangeOffset + 2 * (codePoint - start));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}

function unicodeSubtable(file: Buffer, cmap: number): number {
  for (let index = 0; index < file.readUInt16BE(cmap + 2); index += 1) {
    const subtable = cmap + file.readUInt32BE(cmap + 4 + 8 * index + 4);
    if (file.readUInt16BE(subtable) === 4) return subtable;
  }
  throw new Error('the chart font has no character map of format 4');
}
