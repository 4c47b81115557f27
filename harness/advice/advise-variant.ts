/** An index advice for one variant of a service, from capture to the files of its folder. */
import type { AdviceRecord } from '../advice-record.ts';
import { describeEnvironment } from '../machine/environment.ts';
import { writeAdvice } from '../store/advice-folder.ts';
import { type ResultFolder, recordEvent } from '../store/result-folder.ts';
import type { PreparedDataset } from '../targets/target.ts';
import { type Advice, adviseIndexes } from './advise-indexes.ts';
import { assembleAdvice } from './assemble-advice.ts';
import { type CaptureContext, type CapturePlan, captureVariant } from './capture-variant.ts';
import type { IndexDefinition } from './index-definition.ts';
import { onClone } from './measure-workload.ts';
import { type WrittenAdvice, writeAdviceReport } from './write-advice-report.ts';
import { writeMigration } from './write-migration.ts';

export interface AdvicePlan extends CapturePlan {
  /** Candidates that are replayed in one round; the others wait for the next. */
  readonly perRound: number;
  readonly rounds: number;
  /** Pairs of replays that time the result; 0: none. */
  readonly pairs: number;
}

export interface AdviceGround {
  readonly dataset: PreparedDataset;
  /** Gets `advice.json`, `INDEX_ADVICE.md`, `report/` and `migration/`; it is there already. */
  readonly place: ResultFolder;
  /** Indexes chosen by hand, to be judged beside. */
  readonly reference: readonly IndexDefinition[];
}

export interface VariantAdvice {
  readonly record: AdviceRecord;
  readonly advice: Advice;
  readonly written: WrittenAdvice;
}

/**
 * Captures a variant, advises indexes for what it said, and writes the result into its folder, the end record last.
 * @throws HarnessError INTERRUPTED, DATABASE_FAILED, DISPATCH_FAILED, RESULT_WRITE_FAILED
 */
export async function adviseVariant(
  context: CaptureContext,
  plan: AdvicePlan,
  { dataset, place, reference }: AdviceGround,
): Promise<VariantAdvice> {
  const { server, target, progress } = context;
  const { template } = dataset;
  const { variant, dispatches, rounds, perRound, pairs } = plan;
  const startedAt = new Date().toISOString();
  await recordEvent(place.folder, 'started', { ...plan });
  const captured = await captureVariant(context, plan, dataset);
  const { workload } = captured;
  await recordEvent(place.folder, 'captured', { units: workload.units.map(({ unit }) => unit) });
  const identity = await target.identityOf(variant, context.signal);
  const environment = await onClone({ server, template }, (client) =>
    describeEnvironment(server, client, { target: identity, template, generators: {} }),
  );
  const advice = await adviseIndexes(captured, progress, { perRound, rounds, pairs, reference });
  const record: AdviceRecord = {
    schema: 'rushhour.advice/1',
    id: place.id,
    startedAt,
    endedAt: new Date().toISOString(),
    variant,
    dataset: dataset.identity,
    environment,
    request: { dispatches, rounds, perRound, pairs },
    ...assembleAdvice(advice, workload),
  };
  const title = `Index advice of rushhour, result ${place.id}`;
  const written = await writeAdviceReport(record, place.folder);
  await writeAdvice(place.folder, record, writeMigration(advice.advised, title));
  return { record, advice, written };
}
