import path from 'node:path';
import { z } from 'zod';
import { Verdict } from '../../harness/experiment-record.ts';
import { appendRecord } from '../../harness/store/durable-file.ts';
import { LedgerMetric, readLines } from '../../harness/store/ledger.ts';

/** One line for each step that was run. */
export const VERIFICATION_FILE = 'verify-verdicts.ndjson';

export const VerifiedStep = z.object({
  key: z.string(),
  kind: z.string(),
  scenario: z.string(),
  at: z.string(),
  machine: z.string(),
  cpu: z.string(),
  commit: z.string().nullable(),
  experiment: z.string(),
  pairs: z.number(),
  verdict: Verdict,
  unconfirmedVerdict: Verdict,
  met: z.boolean(),
  said: z.string(),
  gate: z.array(LedgerMetric),
  wallMs: z.number(),
  loadShare: z.number(),
  loadAverage1m: z.number(),
});
export type VerifiedStep = z.infer<typeof VerifiedStep>;

export async function readVerified(root: string): Promise<VerifiedStep[]> {
  return readLines(path.join(root, VERIFICATION_FILE), VerifiedStep, (step) => step.key);
}

export async function appendVerified(root: string, step: VerifiedStep): Promise<void> {
  await appendRecord(path.join(root, VERIFICATION_FILE), step);
}
