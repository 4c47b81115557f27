/** What the nights of a repository are compared with, written down beside the config and committed with it. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { LoadedConfig } from '../config/loaded-config.ts';
import { HarnessError } from '../errors.ts';
import { type NightRecord, Revision } from '../night-record.ts';
import { writeDurably } from '../store/durable-file.ts';
import { parseRecord } from '../store/parse-record.ts';
import { toJson } from '../store/record-text.ts';

export const PIN_FILE = 'rushhour.pin.json';

export const Pin = z.object({
  schema: z.literal('rushhour.pin/1'),
  reference: Revision,
  datasetDigest: z.string().describe('SHA-256 over the rows of every table, hex'),
});
export type Pin = z.infer<typeof Pin>;

export function pinFile({ folder }: Pick<LoadedConfig, 'folder'>): string {
  return path.join(folder, PIN_FILE);
}

/** `null` where there is none. @throws HarnessError BAD_RESULT_FILE */
export async function readPin(file: string): Promise<Pin | null> {
  return existsSync(file) ? parseRecord(file, Pin) : null;
}

/** @throws HarnessError RESULT_WRITE_FAILED */
export async function writePin(file: string, pin: Pin): Promise<void> {
  await writeDurably(file, toJson(pin));
}

/** What is no longer as it was pinned, in words; empty when all is. Pure. */
export function pinDifferences(pin: Omit<Pin, 'schema'>, now: Omit<Pin, 'schema'>): string[] {
  return [
    ...differing(
      `the commit of ${now.reference.ref}`,
      short(pin.reference.commit),
      short(now.reference.commit),
    ),
    ...differing('its lockfile', lockfileWords(pin.reference), lockfileWords(now.reference)),
    ...differing('the digest of the dataset', short(pin.datasetDigest), short(now.datasetDigest)),
  ];
}

/** @throws HarnessError NOT_COMPARABLE that says what differs */
export function requirePinned(file: string, pin: Pin, now: Omit<Pin, 'schema'>): void {
  const differences = pinDifferences(pin, now);
  if (differences.length === 0) return;
  throw new HarnessError(
    'NOT_COMPARABLE',
    `The reference is not what ${file} pins: ${differences.join('; ')}.`,
    {
      hint: `If that is meant, \`rushhour nightly --pin ${now.reference.ref}\` pins it anew; commit the file then.`,
    },
  );
}

/**
 * What is another than in the newest night of the same branch, without a pin; `null` when nothing is or there is no such night. Pure.
 * @param earlier oldest first
 */
export function repinnedSince(
  earlier: readonly NightRecord[],
  tonight: Pick<NightRecord, 'target' | 'branch' | 'reference' | 'scenarios'>,
): { readonly night: string; readonly differences: string[] } | null {
  const last = earlier.findLast(
    ({ target, branch }) => target === tonight.target && branch === tonight.branch,
  );
  if (!last) return null;
  const differences = pinDifferences(
    { reference: last.reference, datasetDigest: digestOf(last) },
    { reference: tonight.reference, datasetDigest: digestOf(tonight) },
  );
  return differences.length === 0 ? null : { night: last.id, differences };
}

const UNKNOWN = 'not known';

function digestOf({ scenarios }: Pick<NightRecord, 'scenarios'>): string {
  return scenarios.find(({ datasetDigest }) => datasetDigest !== null)?.datasetDigest ?? UNKNOWN;
}

function differing(what: string, before: string, now: string): string[] {
  return before === now || before === UNKNOWN || now === UNKNOWN ? [] : [`${what} was ${before}, is ${now}`];
}

function lockfileWords({ lockfile }: Revision): string {
  return lockfile === null ? 'none' : `${lockfile.path} ${short(lockfile.hash)}`;
}

function short(hash: string): string {
  return hash === UNKNOWN ? hash : hash.slice(0, 12);
}
