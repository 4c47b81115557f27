/** k6's CSV output of a run that several targets shared → the samples of each of them. */
import type { TrafficSchedule } from '../../scenarios/schedule.ts';
import { type K6Samples, type Row, readRows, SampleReader } from './k6-samples.ts';

/**
 * As `readK6Samples`, by the tag `variant`. A row without the tag is nobody's own and counts for each variant: an arrival
 * that was dropped, which had no turn yet, or the end of an iteration that was at all of them.
 * @param schedule of each target
 * @throws Error when there is no header, or one that lacks a column that is needed
 */
export async function readPairedK6Samples(
  lines: AsyncIterable<string> | Iterable<string>,
  schedule: TrafficSchedule,
  variants: readonly string[],
): Promise<ReadonlyMap<string, K6Samples>> {
  const readers = new Map(variants.map((variant) => [variant, new SampleReader(schedule)]));
  const hasHeader = await readRows(lines, (row) => {
    const variant = variantOf(row);
    if (variant !== null) readers.get(variant)?.take(row);
    else for (const reader of readers.values()) reader.take(row);
  });
  if (!hasHeader) throw new Error('the file is empty');
  return new Map([...readers].map(([variant, reader]) => [variant, reader.finish()]));
}

const VARIANT_TAG = 'variant=';

/** k6 joins the tags that have no column of their own (output/csv): `phase=measure&variant=baseline`. */
export function variantOf(row: Row): string | null {
  const tag = row
    .get('extra_tags')
    ?.split('&')
    .find((one) => one.startsWith(VARIANT_TAG));
  return tag === undefined ? null : tag.slice(VARIANT_TAG.length);
}
