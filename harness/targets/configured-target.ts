import { createHash } from 'node:crypto';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { DataStep, RushhourConfig } from '../config/rushhour-config.ts';
import { HarnessError } from '../errors.ts';
import { lockName } from '../postgres/name-lock.ts';
import { withAdmin } from '../postgres/server.ts';
import { type Clone, cloneTemplate, newCloneName } from '../postgres/templates.ts';
import { prepareConfiguredDataset } from './configured-dataset.ts';
import { previewConfiguredDataset } from './configured-preview.ts';
import { askEverything, openConfiguredLists } from './configured-requests.ts';
import { startConfiguredService } from './configured-service.ts';
import { configuredTraffic } from './configured-traffic.ts';
import { applyDatabaseSettings } from './database-settings.ts';
import { openConfiguredDispatcher } from './dispatch/configured-dispatcher.ts';
import { readConfiguredAnswers, readConfiguredOutcome } from './dispatch/configured-outcome.ts';
import { driversOfOffers } from './drivers-of-offers.ts';
import { branchAt } from './git-repository.ts';
import { runHooks } from './hooks.ts';
import { replaceNamedDatabase } from './named-database.ts';
import { sourceCommitOf, sourceRepository } from './source-checkout.ts';
import type { DatabaseRequest, ScenarioSummary, Target } from './target.ts';

export interface ConfiguredTargetOptions {
  /** The database that may be copied, as named on the command line. */
  readonly consentToCopy?: string | undefined;
}

/** A service that a config describes. */
export function configuredTarget(loaded: LoadedConfig, options: ConfiguredTargetOptions = {}): Target {
  const { config } = loaded;
  return {
    name: config.name,
    variants: Object.keys(config.variants),
    identityOf: async (variant, signal) => ({
      name: config.name,
      configDigest: configDigest(config),
      sourceCommit: await sourceCommitOf(loaded, variant, signal),
      branch: await branchAt(sourceRepository(loaded, variant), signal),
    }),
    scenarios: scenariosOf(config),
    trafficOf: (request) => configuredTraffic(loaded, request),
    variantName: (text, flag) => variantName(config, text, flag),
    expectedOffers: () => (Array.isArray(config.dispatch.offers) ? config.dispatch.offers.length : null),
    prepareDataset: (server, request) =>
      prepareConfiguredDataset(loaded, server, { ...request, consentToCopy: options.consentToCopy }),
    previewDataset: (server, request) => previewConfiguredDataset(loaded, server, request),
    newDatabaseName: (variant) => config.variants[variant]?.database ?? newCloneName(),
    openDatabase: (request) => openDatabase(loaded, request),
    deafTo: (variant) =>
      config.variants[variant]?.url === undefined
        ? null
        : 'it runs already, and is connected to its database without the tool between',
    waitsForDatabase: false, // many services end when their database is not there yet
    startService: (request) => startConfiguredService(loaded, request),
    openDispatcher: (place, dispatching) =>
      openConfiguredDispatcher(loaded, place, {
        ...dispatching,
        logins: sharesLogins(config) ? dispatching.logins : new Map(),
      }),
    readAnswers: (place, offers, signal) =>
      readConfiguredAnswers(loaded, place, offers, { signal, logins: new Map(), onOddity: () => {} }),
    readOutcome: (place, offers, answers) => readConfiguredOutcome(loaded, place, offers, answers),
    scales: 'rows' in config.dataset || ('seed' in config.dataset && config.dataset.scales === true),
    dispatchesAgain: false,
    driversOf: (place, offers) => driversOfOffers(loaded, place, offers),
    openLists: (place, asking) => openConfiguredLists(loaded, place, asking),
    indexesByHand: async () => [],
    doEverything: (place, asking) => askEverything(loaded, place, asking),
  };
}

/** Only services that sign with one secret take each other's logins; others would be logged in to again and again in turns. */
function sharesLogins({ variants, login }: RushhourConfig): boolean {
  return login?.kind === 'token' && JSON.stringify(variants).includes('{secret}');
}

/** Named so that a result tells an experiment without traffic from one of a scenario. */
const NO_TRAFFIC: ScenarioSummary = {
  name: 'dispatch',
  purpose: 'dispatches alone and in alternating slices, without other traffic',
  datasetProfile: 'load',
};

function scenariosOf({ scenarios = {} }: RushhourConfig): ScenarioSummary[] {
  const own = Object.keys(scenarios).map((name) => ({
    name,
    purpose: 'of the config',
    datasetProfile: 'load',
  }));
  return [...own.filter(({ name }) => name !== NO_TRAFFIC.name), NO_TRAFFIC];
}

function variantName({ variants }: RushhourConfig, text: string, flag = '--variant'): string {
  if (Object.hasOwn(variants, text)) return text;
  throw new HarnessError(
    'BAD_OPTION',
    `${flag}: expected a variant of the config, one of ${Object.keys(variants).join(', ')}; got '${text}'.`,
  );
}

/** A clone, or the database that a running service is bound to made anew; then what the user wants done around it. */
async function openDatabase(loaded: LoadedConfig, request: DatabaseRequest): Promise<Clone> {
  const { server, databaseName, variant } = request;
  if (loaded.config.variants[variant]?.database !== databaseName)
    return prepareAround(loaded, request, () => cloneTemplate(server, request.template, databaseName));
  const lock = await lockName(server, databaseName);
  try {
    const clone = await prepareAround(loaded, request, () =>
      replaceNamedDatabase(server, request.template, databaseName),
    );
    return { ...clone, drop: () => clone.drop().finally(lock.release) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function prepareAround(
  loaded: LoadedConfig,
  request: DatabaseRequest,
  make: () => Promise<Clone>,
): Promise<Clone> {
  await runHooks(loaded, 'before', request);
  const clone = await make();
  try {
    await withAdmin(request.server, undefined, (admin) =>
      applyDatabaseSettings(admin, clone.name, loaded.config.database?.settings ?? {}),
    );
    await runHooks(loaded, 'after', request);
    return clone;
  } catch (error) {
    await clone.drop();
    throw error;
  }
}

/** Of everything it says, functions included. */
export function configDigest(config: RushhourConfig): string {
  const text = JSON.stringify(config, (_name, value: DataStep) =>
    typeof value === 'function' ? String(value) : value,
  );
  return createHash('sha256').update(text).digest('hex');
}
