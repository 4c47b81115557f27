import path from 'node:path';
import { z } from 'zod';
import { appendRecord } from './durable-file.ts';
import { readLines } from './ledger.ts';

/** What `rushhour calibrate` found, one line a calibration, oldest first; append-only. */
export const CALIBRATIONS_FILE = 'calibrations.ndjson';

export const Calibration = z.object({
  at: z.string().describe('ISO 8601 instant, UTC'),
  machine: z.string().describe('fingerprint'),
  target: z.string().optional().describe('without one the reference target'),
  scenario: z.string(),
  variant: z.string(),
  openBookingsPerDay: z.number().int(),
  tried: z.array(
    z.object({
      sliceSize: z.number().int(),
      pairs: z.number().int(),
      noise: z.record(z.string(), z.number()).describe('spread of the log ratio of a pair, by metric'),
      experiment: z.string(),
    }),
  ),
  sliceSize: z.number().int().describe('the one with the least noise of the first gate metric'),
  dispatches: z.number().int().describe('recorded dispatches of each side of a pair'),
  pairs: z.number().int(),
  noise: z
    .record(z.string(), z.number())
    .describe('at the chosen slice size: max(sd, 1.4826 MAD) of the log ratios'),
  experiment: z.string(),
});
export type Calibration = z.infer<typeof Calibration>;

export async function appendCalibration(resultsRoot: string, calibration: Calibration): Promise<void> {
  await appendRecord(path.join(resultsRoot, CALIBRATIONS_FILE), calibration);
}

/** The newest calibration of this scenario of this target on this machine; `null` when there is none. */
export async function readCalibration(
  resultsRoot: string,
  of: { readonly machine: string; readonly target: string; readonly scenario: string },
): Promise<Calibration | null> {
  const all = await readLines(
    path.join(resultsRoot, CALIBRATIONS_FILE),
    Calibration,
    (one) => one.at + one.scenario,
  );
  const fits = ({ machine, target = 'reference', scenario }: Calibration) =>
    machine === of.machine && target === of.target && scenario === of.scenario;
  return all.findLast(fits) ?? null;
}
