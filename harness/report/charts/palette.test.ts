import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VERDICT_LOOK } from '../verdict-words.ts';
import { type Colour, everyVariantColour, INK, variantStyles } from './palette.ts';

const LADDER = ['baseline', 'indexes', 'bulk-apply', 'eager-loading', 'optimised'];

type Rgb = [number, number, number];

function linear(hex: string): Rgb {
  return [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
}

/** Contrast of two colours, 1 to 21. Source: WCAG 2.2, "contrast ratio". */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [red, green, blue] = linear(hex);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Full colour blindness of one cone, on linear RGB. Source: Machado, Oliveira, Fernandes 2009, severity 1.0. */
const BLINDNESS: Record<string, [Rgb, Rgb, Rgb]> = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

/** CIELAB of a linear RGB colour under D65. Source: CIE 15. */
function lab(rgb: Rgb): Rgb {
  const [red, green, blue] = rgb.map((part) => Math.min(1, Math.max(0, part))) as Rgb;
  const scaled = [
    (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
    0.2126 * red + 0.7152 * green + 0.0722 * blue,
    (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
  ].map((part) => (part > 216 / 24389 ? Math.cbrt(part) : ((24389 / 27) * part + 16) / 116)) as Rgb;
  const [x, y, z] = scaled;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function distance(a: string, b: string, matrix: [Rgb, Rgb, Rgb]): number {
  const seen = (hex: string) => {
    const rgb = linear(hex);
    return lab(matrix.map((row) => row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]) as Rgb);
  };
  const [one, other] = [seen(a), seen(b)];
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

function pairsOf<Item>(items: readonly Item[]): [Item, Item][] {
  return items.flatMap((item, index) => items.slice(index + 1).map((other): [Item, Item] => [item, other]));
}

test('every variant stands out from the paper by 3 to 1, on a light and on a dark page', () => {
  for (const colour of everyVariantColour()) {
    for (const theme of ['light', 'dark'] as const) {
      assert.ok(contrast(colour[theme], INK.paper[theme]) >= 3, `${colour[theme]} on ${theme}`);
    }
  }
});

test('text and words of verdicts stand out by 4.5 to 1', () => {
  const texts: Colour[] = [INK.strong, INK.soft, ...Object.values(VERDICT_LOOK)];
  for (const colour of texts) {
    for (const theme of ['light', 'dark'] as const) {
      assert.ok(contrast(colour[theme], INK.paper[theme]) >= 4.5, `${colour[theme]} on ${theme}`);
    }
  }
});

test('the steps of the ladder differ for eyes without a red or a green cone', () => {
  const styles = variantStyles(LADDER);
  for (const [a, b] of pairsOf(LADDER)) {
    for (const [kind, matrix] of Object.entries(BLINDNESS)) {
      for (const theme of ['light', 'dark'] as const) {
        const [one, other] = [a, b].map((name) => styles.get(name)?.colour[theme] ?? '') as [string, string];
        const seen = distance(one, other, matrix);
        // 2 is just noticed, 10 is seen at a glance (Mokrzycki and Tatol 2011): 15 leaves room for thin lines.
        assert.ok(seen >= 15, `${a} and ${b} for ${kind} eyes, ${theme}: ${seen.toFixed(1)}`);
      }
    }
  }
});

test('the steps of the ladder differ in line pattern and in shape as well', () => {
  const styles = [...variantStyles(LADDER).values()];
  assert.equal(new Set(styles.map(({ dash }) => dash.join())).size, LADDER.length);
  assert.equal(new Set(styles.map(({ shape }) => shape)).size, LADDER.length);
});

test('a variant looks the same in every set of variants', () => {
  const alone = variantStyles(['indexes+bulk-apply']).get('indexes+bulk-apply');
  const among = variantStyles(['baseline', 'indexes+bulk-apply', 'optimised']).get('indexes+bulk-apply');
  assert.deepEqual(alone, among);
});

test('unknown variants of one set never share a style while styles are left', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  assert.equal(new Set(variantStyles(names).values()).size, names.length);
});

test('a variant named like a property of every object has a style of its own', () => {
  assert.equal(typeof variantStyles(['constructor']).get('constructor')?.shape, 'string');
});
