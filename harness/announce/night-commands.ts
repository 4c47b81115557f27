import type { NightRecord } from '../night-record.ts';

/** The night again, at the commits that its refs led to. */
export function repeatCommand({ reference, candidate }: NightRecord): string {
  return `npx rushhour nightly --reference ${reference.commit} --candidate ${candidate.commit}`;
}

/** Paired experiments between the two commits, until one is named. */
export function bisectCommand({ reference, candidate }: NightRecord): string {
  return `npx rushhour bisect --good ${reference.commit} --bad ${candidate.commit}`;
}
