import { listenTo, withTappedTarget } from '../capture/tapped-target.ts';
import type { PostgresServer } from '../postgres/server.ts';
import type { Progress } from '../progress.ts';
import type { PreparedDataset, Target } from '../targets/target.ts';
import type { WorkloadContext } from './measure-workload.ts';
import type { Workload, WorkUnit } from './workload.ts';

/** Where and with what a variant is captured. */
export interface CaptureContext {
  readonly server: PostgresServer;
  readonly target: Target;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

export interface CapturePlan {
  readonly variant: string;
  /** Offers to dispatch, beside each kind of request once. */
  readonly dispatches: number;
}

/**
 * Captures what a variant says to its database, ready to be replayed on clones of the same template.
 * @throws HarnessError DISPATCH_FAILED, SERVICE_START_FAILED
 */
export async function captureVariant(
  context: CaptureContext,
  { variant, dispatches }: CapturePlan,
  { template, offers }: Pick<PreparedDataset, 'template' | 'offers'>,
): Promise<WorkloadContext> {
  const { server, target, signal, progress } = context;
  const workload = await progress.step(`${variant} · capture`, (onProgress) =>
    withTappedTarget({ server, target, template, variant, signal }, async (tapped): Promise<Workload> => {
      const units: WorkUnit[] = [];
      await target.doEverything(tapped, {
        offers: offers.slice(0, dispatches),
        signal,
        onProgress,
        hear: async (unit, work) => {
          const { answer, transcript } = await listenTo(tapped.tap, work);
          units.push({ unit, transcript });
          return answer;
        },
      });
      return { units };
    }),
  );
  return { server, template, workload, signal };
}
