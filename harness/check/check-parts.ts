/** Tries every part of a config, really and one by one. */
import type { DatasetShape } from '../../seed/profiles.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { type Clone, withClone } from '../postgres/templates.ts';
import type { CheckContext } from './check-context.ts';
import { given, type Parts } from './parts.ts';
import { type TriedDataset, tryDataset } from './try-dataset.ts';
import { tryEquality } from './try-outcome.ts';
import { tryQuestions } from './try-questions.ts';
import { tryScenarios, tryWeek } from './try-scenarios.ts';
import { tryServer } from './try-server.ts';
import { tryTwoAtOnce } from './try-two-at-once.ts';
import { type TriedVariant, tryVariant } from './try-variant.ts';

export interface CheckRequest {
  readonly loaded: LoadedConfig;
  readonly server: PostgresServer;
  readonly shape: DatasetShape;
  readonly variants: readonly string[];
  readonly consentToCopy?: string | undefined;
  /** Leaves dispatches out. Default false. */
  readonly quick?: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: (detail: string) => void;
}

/**
 * Tries the parts of a config on a server, in the order in which they depend on each other; a part that needs one which does not work is
 * not tried. Everything that is started is stopped, and every database but the templates is dropped.
 *
 * @throws the reason of the signal when that has fired
 */
export async function checkParts(parts: Parts, request: CheckRequest): Promise<void> {
  const { consentToCopy, quick = false, onProgress = () => {}, variants } = request;
  const context: CheckContext = { ...request, parts, consentToCopy, quick, onProgress };
  await tryServer(parts, request.server);
  const dataset = await tryDataset(context);
  const tried = await withSeeded(context, dataset, async (seeded) => {
    const ground = { ...dataset, ...(await tryQuestions(context, dataset, seeded)), seeded };
    const all: TriedVariant[] = [];
    for (const name of variants) all.push(await tryVariant(context, name, ground));
    return all;
  });
  await tryEquality(context, tried);
  await tryScenarios(context, dataset.offers);
  await tryWeek(context);
  await tryTwoAtOnce(context, tried);
}

/** One clone of the data for all that only looks at it: clones are what takes long. */
function withSeeded<Answer>(
  { server }: CheckContext,
  { data }: TriedDataset,
  work: (seeded: Clone | null) => Promise<Answer>,
): Promise<Answer> {
  return data.works ? withClone(server, given(data).template, work) : work(null);
}
