/** Where in a config: names of members and positions in lists, from the outside in. */
export type Place = readonly (string | number)[];

/** One thing that is wrong with a config. */
export interface Problem {
  readonly place: Place;
  /** Said after the place: what was expected and what was got, or what is refused and why. */
  readonly text: string;
}

export function mismatch(place: Place, expected: string, got: string): Problem {
  return { place, text: `expected ${expected}, got ${got}` };
}

/** `variants.baseline.start.command.0`; names that hold more than letters, digits, `-` and `_` are quoted. */
export function placeText(place: Place): string {
  if (place.length === 0) return 'config';
  return place.map((part) => (/^[\w$-]+$/.test(String(part)) ? part : JSON.stringify(part))).join('.');
}

/** By place, positions by number; of one place in the order in which they were found. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((one, other) => comparePlaces(one.place, other.place));
}

/** Whether a place is this one or lies within it. */
export function isWithin(place: Place, outer: Place): boolean {
  return outer.every((part, position) => part === place[position]);
}

function comparePlaces(one: Place, other: Place): number {
  for (const [position, part] of one.entries()) {
    const counterpart = other[position];
    if (counterpart === undefined) return 1;
    if (part === counterpart) continue;
    if (typeof part === 'number' && typeof counterpart === 'number') return part - counterpart;
    return String(part) < String(counterpart) ? -1 : 1;
  }
  return one.length - other.length;
}

/** Members whose texts may be secrets: only their kind is told. */
const SECRET_MEMBERS = new Set(['headers', 'environment', 'body', 'form', 'accounts', 'offers', 'settings']);
const LONGEST_TEXT = 60;

/** What stands at a place, in words; never the text of a member that may hold a secret. */
export function gotAt(config: unknown, place: Place): string {
  let value = config;
  for (const part of place) {
    if (typeof value !== 'object' || value === null || !(part in value)) return 'nothing';
    value = (value as Record<string | number, unknown>)[part];
  }
  if (value === undefined) return 'undefined (an environment variable that is not set?)';
  const isSecret = place.some((part) => SECRET_MEMBERS.has(String(part)));
  return isSecret && typeof value === 'string' && value !== '' ? 'another text' : gotText(value);
}

/** A value in words. Users and passwords within URLs are left out. */
export function gotText(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  switch (typeof value) {
    case 'string': {
      const text = value.replace(/\/\/[^/@\s]*@/g, '//***@').replace(/\s+/g, ' ');
      return value === ''
        ? 'an empty text'
        : `'${text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text}'`;
    }
    case 'function':
      return 'a function';
    case 'object':
      if (value instanceof Promise) return 'a promise';
      return value instanceof Date ? 'a Date' : 'an object';
    case 'undefined':
      return 'undefined';
    default:
      return typeof value === 'bigint' ? `${value}n` : String(value);
  }
}
