import type { Place } from './config-problem.ts';
import type { CommandConfig } from './rushhour-config.ts';
import { isObject } from './schema-words.ts';
import type { Partly, SoundPart } from './sound-part.ts';

/** A program of a config, where it stands, and the placeholders that it can have. */
export interface PlacedCommand {
  readonly place: Place;
  readonly command: Partly<CommandConfig>;
  readonly known: readonly string[];
  /** Whether its folder may be in a checkout that does not exist yet. */
  readonly inCheckout: boolean;
}

const DATABASE = [
  'databaseUrl',
  'databaseUser',
  'databasePassword',
  'databaseHost',
  'databasePort',
  'databaseName',
];
const SIZES = ['bookings', 'drivers', 'history', 'companies', 'days', 'randomSeed'];
const STEP = [...DATABASE, ...SIZES];
const SERVICE = [...DATABASE, 'host', 'port', 'baseUrl', 'variant', 'secret'];

/** Every program that a config names. */
export function placedCommands({ dataset, variants, hooks }: SoundPart): PlacedCommand[] {
  const seed = dataset && 'seed' in dataset ? dataset.seed : undefined;
  // There is an address before the database where the service runs all the time.
  const isRunning = Object.values(variants ?? {}).some((variant) => variant?.url !== undefined);
  const hook = [...DATABASE, 'variant', 'phase', ...(isRunning ? ['baseUrl'] : [])];
  const migrated = [...DATABASE, 'variant'];
  return [
    ...programsOf(['dataset', 'schema'], dataset?.schema, STEP),
    ...programsOf(['dataset', 'seed'], seed, STEP),
    ...Object.entries(variants ?? {}).flatMap(([name, variant]) => {
      const place = ['variants', name];
      const inCheckout = variant?.source !== undefined;
      const { start, workers, source, migration } = variant ?? {};
      return [
        ...programsOf([...place, 'start'], start && [start], SERVICE, { inCheckout, isAlone: true }),
        ...programsOf([...place, 'workers'], workers, SERVICE, { inCheckout }),
        ...programsOf([...place, 'source', 'build'], source?.build, ['variant'], { inCheckout }),
        ...programsOf([...place, 'migration', 'up'], migration?.up, migrated),
        ...programsOf([...place, 'migration', 'down'], migration?.down, migrated),
      ];
    }),
    ...programsOf(['hooks', 'beforeReset'], hooks?.beforeReset, hook),
    ...programsOf(['hooks', 'afterReset'], hooks?.afterReset, hook),
  ];
}

function programsOf(
  list: Place,
  steps: readonly unknown[] | undefined,
  known: readonly string[],
  { inCheckout = false, isAlone = false } = {},
): PlacedCommand[] {
  return (steps ?? []).flatMap((step, position) =>
    isObject(step) && 'command' in step
      ? [{ place: isAlone ? list : [...list, position], command: step, known, inCheckout }]
      : [],
  );
}
