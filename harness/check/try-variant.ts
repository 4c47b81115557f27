import type { Values } from '../config/rushhour-config.ts';
import type { HarnessError } from '../errors.ts';
import type { Clone } from '../postgres/templates.ts';
import { withResources } from '../resources.ts';
import type { Offer } from '../targets/offer.ts';
import type { ServicePlace } from '../targets/target.ts';
import type { CheckContext } from './check-context.ts';
import { given, type Part, type Tried } from './parts.ts';
import { tryDatabase, tryService, trySource } from './try-bring-up.ts';
import type { TriedDataset } from './try-dataset.ts';
import { type Dispatched, tryDispatches } from './try-dispatches.ts';
import { tryEndpoints } from './try-endpoints.ts';
import { tryMigration } from './try-migration.ts';
import { type DoneWork, tryOutcome } from './try-outcome.ts';

/** What came before the variants, and they need. */
export interface Ground {
  readonly data: TriedDataset['data'];
  /** A database with the seeded data, which nothing writes to; `null` without data. */
  readonly seeded: Clone | null;
  readonly offers: TriedDataset['offers'];
  readonly accounts: Tried<readonly Values[]>;
  readonly placeholders: Tried<null>;
  /** Offers that have something open. */
  readonly rows: Tried<readonly Offer[]>;
}

/** A variant that is tried. */
export interface VariantPlace {
  readonly name: string;
  readonly ground: Ground;
  part(name: string, label: string, remedy: string): Part;
}

/** A service that is up, for whoever asks it. */
export interface RunningPlace extends VariantPlace {
  readonly up: Tried<ServicePlace>;
}

export interface TriedVariant {
  readonly name: string;
  /** Name of the template of its databases. */
  readonly template: Tried<string>;
  readonly up: Tried<ServicePlace>;
  /** What its dispatches wrote; `null` when there were none. */
  readonly done: DoneWork | null;
}

/** Brings a variant up, dispatches through it, asks it everything else, and takes it down again. */
export async function tryVariant(context: CheckContext, name: string, ground: Ground): Promise<TriedVariant> {
  const place: VariantPlace = {
    name,
    ground,
    part: (partName, label, remedy) => ({ name: partName, label, remedy, variant: name }),
  };
  const source = await trySource(context, place);
  const template = await tryMigration(context, place);
  return withResources(async (onRelease) => {
    const database = await tryDatabase(context, place, template);
    if (database.works) onRelease(given(database).drop);
    const oddities: string[] = [];
    const up = await tryService(context, place, {
      needs: [...(source ? [source] : []), database],
      database,
      onOddity: (sentence) => oddities.push(sentence),
      onStarted: (service) => onRelease(() => service.stop()),
    });
    const running = { ...place, up };
    const dispatched = await tryDispatches(context, running, onRelease);
    const done = await tryOutcome(context, running, dispatched);
    await dispatched.observe();
    const still = dispatched.hasEnded() ? { ...running, up: { part: up.part, works: null } } : running;
    await tryEndpoints(context, still, dispatched);
    await dispatched.leave();
    await tryStop(context, running, { oddities, dispatched });
    return { name, template, up, done };
  });
}

/** It has to be there to the end, and to go when it is told to. */
async function tryStop(
  { parts }: CheckContext,
  { up, part }: RunningPlace,
  { oddities, dispatched }: { readonly oddities: readonly string[]; readonly dispatched: Dispatched },
): Promise<void> {
  if (!up.works) return; // nothing is up, and the line that says why is there
  const stop = part('stop', 'stop', 'Let it stay in the foreground, and end on SIGTERM.');
  if (dispatched.hasEnded()) return void parts.leaveOut(stop, 'it has ended by itself');
  await parts.try(stop, [up], async () => {
    const { service } = given(up);
    const failure: HarnessError | null = service.failure?.() ?? null;
    if (failure) throw failure;
    const isOurs = service.pids.length > 0;
    await service.stop();
    return {
      value: null,
      detail: isOurs ? 'it was up to the end, and was stopped' : 'it is still up, and stays: it ran before',
      notes: oddities,
    };
  });
}
