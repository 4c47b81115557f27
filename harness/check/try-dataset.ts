import { HarnessError, messageOf } from '../errors.ts';
import { countOf, formatCount } from '../quantity.ts';
import { type ConfiguredDataset, prepareConfiguredDataset } from '../targets/configured-dataset.ts';
import { isCommand } from '../targets/data-steps.ts';
import { type CheckContext, changed } from './check-context.ts';
import { type DatasetStage, failedStage } from './dataset-stage.ts';
import type { Found, Part, Tried } from './parts.ts';

const DATABASE: Part = {
  name: 'database',
  label: 'extensions and settings',
  remedy: 'Correct `database` in the config.',
};
const SCHEMA: Part = { name: 'schema', label: 'schema', remedy: 'Correct `dataset.schema`.' };
const DATA: Part = { name: 'data', label: 'data', remedy: 'Correct `dataset`.' };
const OFFERS: Part = { name: 'offers', label: 'offers', remedy: 'Correct `dispatch.offers`.' };

export interface TriedDataset {
  /** Seeded, without any variant's migration. */
  readonly data: Tried<ConfiguredDataset>;
  readonly offers: Tried<ConfiguredDataset['offers']>;
}

/** Extensions, schema, rows and offers: made in one go, and a line each. */
export async function tryDataset(context: CheckContext): Promise<TriedDataset> {
  const { parts, loaded } = context;
  const { database, dataset } = loaded.config;
  const made = await makeDataset(context);
  const stage = <Value>(
    part: Part,
    name: DatasetStage,
    needs: readonly Tried<unknown>[],
    work: () => Found<Value>,
  ) =>
    parts.try(part, needs, async () => {
      const failure = made.failures.get(name);
      if (failure !== undefined) throw failure;
      return work();
    });
  const before: Tried<unknown>[] = [];
  if (database || made.failures.has('database'))
    before.push(
      await stage(DATABASE, 'database', [], () => ({ value: null, detail: databaseText(context) })),
    );
  if (dataset.schema || made.failures.has('schema'))
    before.push(
      await stage(SCHEMA, 'schema', before, () => ({
        value: null,
        detail: `made by ${stepsText(dataset.schema ?? [])}`,
      })),
    );
  const data = await stage(DATA, 'data', before, () => dataFound(context, made.dataset));
  const offers = await stage(OFFERS, 'offers', [data], () => offersFound(made.dataset));
  return { data, offers };
}

interface Made {
  readonly dataset: ConfiguredDataset | null;
  readonly failures: ReadonlyMap<DatasetStage, unknown>;
}

/** Offers that give nothing say nothing of the data: it is made once more without them, for the parts that need only it. */
async function makeDataset(context: CheckContext): Promise<Made> {
  const failures = new Map<DatasetStage, unknown>();
  const attempt = async (offers: 'as they are' | 'left out') => {
    const last = { progress: '' };
    try {
      return await seedOnly(context, offers, (detail) => {
        last.progress = detail;
        context.onProgress(detail);
      });
    } catch (error) {
      if (context.signal.aborted) throw context.signal.reason;
      failures.set(failedStage(messageOf(error), last.progress), error);
      return null;
    }
  };
  let dataset = await attempt('as they are');
  if (!dataset && failures.has('offers')) dataset = await attempt('left out');
  return { dataset, failures };
}

async function seedOnly(
  context: CheckContext,
  offers: 'as they are' | 'left out',
  onProgress: (detail: string) => void,
): Promise<ConfiguredDataset> {
  const { loaded, server, shape, signal, consentToCopy } = context;
  const { config } = loaded;
  const [name = '', variant] = Object.entries(config.variants)[0] ?? [];
  const { migration: _, ...plain } = variant ?? {};
  return prepareConfiguredDataset(
    changed(loaded, {
      variants: { [name]: plain },
      ...(offers === 'left out' ? { dispatch: withoutOffers(context) } : {}),
    }),
    server,
    { variant: name, shape, signal, onProgress, consentToCopy },
  );
}

/** One that stands for none: a dataset has to have offers. */
export function withoutOffers({ loaded }: CheckContext) {
  return { ...loaded.config.dispatch, offers: [{ left: 'out' }] };
}

function databaseText({ loaded }: CheckContext): string {
  const { extensions = [], settings = {} } = loaded.config.database ?? {};
  return (
    [...extensions, ...Object.entries(settings).map(([setting, value]) => `${setting} = ${value}`)].join(
      ', ',
    ) || 'none are asked for'
  );
}

function stepsText(steps: NonNullable<CheckContext['loaded']['config']['dataset']['schema']>): string {
  const names = steps.map((step) =>
    isCommand(step) ? step.command.join(' ') : typeof step === 'string' ? 'SQL' : step.file,
  );
  return names.length === 0 ? 'no step' : names.join(', ');
}

function dataFound(context: CheckContext, dataset: ConfiguredDataset | null): Found<ConfiguredDataset> {
  if (!dataset) throw new HarnessError('INTERNAL', 'The dataset was not made, and nothing says why.');
  const { identity, built, notes } = dataset;
  const { dataset: config } = context.loaded.config;
  const how = 'rows' in config ? 'mapped' : 'seed' in config ? 'seeded' : `copied from ${config.copyOf}`;
  const tables = Object.entries(identity.rows ?? {});
  const rows = tables.reduce((sum, [, count]) => sum + count, 0);
  const largest = [...tables].sort(([, one], [, other]) => other - one).slice(0, 6);
  const told = largest.map(([table, count]) => `${table} ${formatCount(count)}`).join(', ');
  return {
    value: dataset,
    detail: `${how}: ${countOf(rows, 'row')} in ${countOf(tables.length, 'table')} (${told}${
      tables.length > largest.length ? ', …' : ''
    }); digest ${identity.digest.slice(0, 12)}${built ? '' : '; made by an earlier start'}`,
    notes,
  };
}

/** An experiment dispatches one before those that count, and pairs need two or more. */
const FEWEST_OFFERS = 3;

function offersFound(dataset: ConfiguredDataset | null): Found<ConfiguredDataset['offers']> {
  const offers = dataset?.offers ?? [];
  const [first] = offers;
  const values = Object.entries(first?.values ?? {}).map(([name, value]) => `${name} = ${value}`);
  const detail = `${countOf(offers.length, 'offer')}, each once; the first: ${values.join(', ')}`;
  if (offers.length >= FEWEST_OFFERS) return { value: offers, detail };
  return {
    value: offers,
    detail,
    status: 'warning',
    remedy: `An experiment needs ${FEWEST_OFFERS} or more: one before those that count, and two that do. Raise --companies or --days, or give more offers.`,
  };
}
