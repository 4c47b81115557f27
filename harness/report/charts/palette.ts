/** A colour on a light and on a dark page. */
export interface Colour {
  light: string;
  dark: string;
}

/** How one variant looks in every chart and table: colour, line pattern and point shape, so never colour alone. */
export interface VariantStyle {
  colour: Colour;
  dash: readonly number[];
  shape: string;
}

/** The reference ladder. Hues after Okabe and Ito, darkened to 3:1 against the page. */
const LADDER: Record<string, VariantStyle> = {
  baseline: { colour: { light: '#7c8895', dark: '#82909e' }, dash: [6, 3], shape: 'circle' },
  indexes: { colour: { light: '#b87300', dark: '#eda41f' }, dash: [2, 2], shape: 'square' },
  'bulk-apply': { colour: { light: '#8a2a78', dark: '#ffb3df' }, dash: [8, 2, 2, 2], shape: 'triangle-up' },
  'eager-loading': { colour: { light: '#007a5a', dark: '#1fd3a5' }, dash: [4, 2], shape: 'diamond' },
  optimised: { colour: { light: '#0064b0', dark: '#4f9fe6' }, dash: [1, 0], shape: 'triangle-down' },
};

/** Point shapes Vega has no name for, in its square from −1 to 1. */
const HEXAGON = 'M0.9,0L0.45,0.78L-0.45,0.78L-0.9,0L-0.45,-0.78L0.45,-0.78Z';
const HOURGLASS = 'M-0.8,-0.8L0.8,-0.8L-0.8,0.8L0.8,0.8Z';
const STAR = 'M0,-1L0.3,-0.3L1,0L0.3,0.3L0,1L-0.3,0.3L-1,0L-0.3,-0.3Z';

const OTHERS: readonly VariantStyle[] = [
  { colour: { light: '#7448b8', dark: '#b699f0' }, dash: [1, 0], shape: 'cross' },
  { colour: { light: '#84700a', dark: '#d6bd45' }, dash: [10, 3], shape: 'triangle-right' },
  { colour: { light: '#b8431f', dark: '#ff9070' }, dash: [3, 3], shape: 'triangle-left' },
  { colour: { light: '#0b7285', dark: '#55cfe4' }, dash: [2, 1], shape: HOURGLASS },
  { colour: { light: '#566708', dark: '#b0c348' }, dash: [2, 4], shape: HEXAGON },
  { colour: { light: '#97284a', dark: '#ff8fab' }, dash: [6, 2, 1, 2], shape: STAR },
];

/**
 * Phases of a dispatch, apart from every variant colour. Their labels are white on `load` and dark on the rest; a dark
 * page swaps both inks, so its `load` is pale and its other phases are deep.
 */
export const PHASE_COLOURS: Record<'load' | 'decide' | 'apply' | 'rest', Colour> = {
  load: { light: '#42408a', dark: '#8f8ee6' },
  decide: { light: '#c9a227', dark: '#7d6410' },
  apply: { light: '#9d8fd6', dark: '#574f9c' },
  rest: { light: '#cfd5dc', dark: '#4a545f' },
};

/**
 * Parts of a dispatch's wall time. Those that a phase does are in its colour: reads load, writes apply. As there, the first
 * is labelled in the ink of the paper and the others in the strong ink.
 */
export const TIME_COLOURS: Record<'reads' | 'writes' | 'commits' | 'roundTrips' | 'service', Colour> = {
  reads: PHASE_COLOURS.load,
  writes: PHASE_COLOURS.apply,
  commits: PHASE_COLOURS.decide,
  roundTrips: { light: '#69b8a8', dark: '#2a6b60' },
  service: PHASE_COLOURS.rest,
};

/** Text, lines and surfaces of a chart. */
export const INK = {
  strong: { light: '#1c2530', dark: '#eef2f6' },
  soft: { light: '#566372', dark: '#a8b3c0' },
  line: { light: '#b9c2cc', dark: '#4d5966' },
  grid: { light: '#e6eaee', dark: '#2b343e' },
  band: { light: '#eef1f5', dark: '#252d37' },
  paper: { light: '#ffffff', dark: '#161b22' },
} as const satisfies Record<string, Colour>;

/**
 * The style of each variant. Ladder names always look the same; another name gets a style by its own letters, and the
 * next free one when two names of the same set meet.
 */
export function variantStyles(names: readonly string[]): Map<string, VariantStyle> {
  const styles = new Map<string, VariantStyle>();
  const taken = new Set<number>();
  for (const name of names) {
    const known = Object.hasOwn(LADDER, name) ? LADDER[name] : undefined;
    if (known !== undefined) {
      styles.set(name, known);
      continue;
    }
    let place = placeOf(name);
    while (taken.has(place) && taken.size < OTHERS.length) place = (place + 1) % OTHERS.length;
    taken.add(place);
    styles.set(name, OTHERS[place] as VariantStyle);
  }
  return styles;
}

/** Every colour a variant can have, for the page's dark theme and for tests. */
export function everyVariantColour(): Colour[] {
  return [...Object.values(LADDER), ...OTHERS].map((style) => style.colour);
}

function placeOf(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return sum % OTHERS.length;
}
