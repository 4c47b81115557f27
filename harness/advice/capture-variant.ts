import type { DatasetShape } from '../../seed/profiles.ts';
import { entryOf, type ServiceEntries } from '../experiment/experiment-context.ts';
import type { PostgresServer } from '../postgres/server.ts';
import type { Progress } from '../progress.ts';
import { captureWorkload } from './capture-workload.ts';
import type { WorkloadContext } from './measure-workload.ts';

/** Where and with what a variant is captured. */
export interface CaptureContext {
  readonly server: PostgresServer;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** By variant, what Node is to start instead of the reference service. */
  readonly entries?: ServiceEntries;
}

export interface CapturePlan {
  readonly variant: string;
  readonly shape: DatasetShape;
  /** Company-days to dispatch, beside each kind of request once. */
  readonly dispatches: number;
}

/**
 * Captures what a variant says to its database, ready to be replayed on clones of the same template.
 * @throws HarnessError DISPATCH_FAILED, SERVICE_START_FAILED
 */
export async function captureVariant(
  context: CaptureContext,
  { variant, shape, dispatches }: CapturePlan,
  template: string,
): Promise<WorkloadContext> {
  const { server, signal, progress } = context;
  const target = { server, template, variant, signal, ...entryOf(context, variant) };
  const workload = await progress.step(`${variant} · capture`, (onProgress) =>
    captureWorkload(target, { shape, dispatches, onProgress }),
  );
  return { server, template, workload, signal };
}
