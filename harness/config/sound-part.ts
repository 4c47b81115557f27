import { isWithin, type Place, type Problem } from './config-problem.ts';
import type { RushhourConfig } from './rushhour-config.ts';
import { isObject } from './schema-words.ts';

/** A config of which any member may be missing. */
export type SoundPart = Partly<RushhourConfig>;

export type Partly<T> = T extends (...given: never[]) => unknown
  ? T
  : T extends readonly (infer Item)[]
    ? readonly (Partly<Item> | undefined)[]
    : T extends object
      ? { readonly [Name in keyof T]?: Partly<T[Name]> | undefined }
      : T;

/** A config without what is wrong by itself, so that what members say of each other can be checked all the same. */
export function soundPart(config: unknown, problems: readonly Problem[]): SoundPart {
  const part = without(config, [], problems);
  return isObject(part) ? (part as SoundPart) : {};
}

/** What is said of a place in or around which something else is wrong already may only follow from that. */
export function notFollowing(found: readonly Problem[], earlier: readonly Problem[]): Problem[] {
  return found.filter(
    ({ place }) => !earlier.some((other) => isWithin(other.place, place) || isWithin(place, other.place)),
  );
}

function without(value: unknown, place: Place, problems: readonly Problem[]): unknown {
  const within = problems.filter((problem) => isWithin(problem.place, place));
  if (within.length === 0) return value;
  if (within.some((problem) => problem.place.length === place.length)) return undefined;
  if (Array.isArray(value)) return value.map((item, position) => without(item, [...place, position], within));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, without(member, [...place, name], within)]),
  );
}
