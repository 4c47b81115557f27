import { WORKLOADS } from '../../scenarios/workloads.ts';
import { type CompanyDay, companyDays, type DatasetShape } from '../../seed/profiles.ts';
import { parseVariant, VARIANT_NAMES } from '../../target/variants.ts';
import { indexesOfMigration } from '../advice/reference-set.ts';
import { uncapitalised } from '../config/options.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { prepareVariantDataset } from '../experiment/arm-template.ts';
import { previewVariantDataset } from '../experiment/dataset-preview.ts';
import { PROJECT_ROOT } from '../machine/environment.ts';
import { cloneTemplate, newCloneName } from '../postgres/templates.ts';
import { availableDrivers } from '../service/available-drivers.ts';
import { collectTokens, dispatchClient } from '../service/dispatch-client.ts';
import { readAnswers, readOutcome } from '../service/outcome.ts';
import { startService } from '../service/service-process.ts';
import { openSizedLists } from '../service/sized-lists.ts';
import { askUsualRequests, someoneOf } from '../service/usual-requests.ts';
import { performanceIndexes } from '../week/week-migration.ts';
import { branchAt } from './git-repository.ts';
import type { Offer } from './offer.ts';
import { referenceTraffic } from './reference-traffic.ts';
import type { StartRequest, Target } from './target.ts';

/** By variant, what Node is to start instead of the reference service: see `ServiceOptions.entry`. */
export type ServiceEntries = ReadonlyMap<string, readonly string[]>;

/** The dispatch service that comes along, and its dataset. */
export function referenceTarget(entries: ServiceEntries = new Map()): Target {
  return {
    name: 'reference',
    variants: VARIANT_NAMES,
    identityOf: async (_variant, signal) => ({
      ...{ name: 'reference', configDigest: null, sourceCommit: null },
      branch: await branchAt(PROJECT_ROOT, signal),
    }),
    scenarios: Object.values(WORKLOADS),
    trafficOf: referenceTraffic,
    variantName,
    expectedOffers: (shape) => companyDays(shape).length,
    prepareDataset: async (server, request) => ({
      ...(await prepareVariantDataset(server, request)),
      offers: offersOf(request.shape),
    }),
    previewDataset: (_server, request) => previewVariantDataset(request),
    waitsForDatabase: true,
    deafTo: () => null,
    newDatabaseName: newCloneName,
    openDatabase: ({ server, template, databaseName }) => cloneTemplate(server, template, databaseName),
    startService: (request) => startVariant(request, entries.get(request.variant)),
    openDispatcher: async ({ service: { baseUrl } }, { offers, logins, signal }) => {
      await collectTokens(logins, { baseUrl, companyDays: offers.map(companyDayOf), signal });
      const client = dispatchClient(baseUrl, logins, signal);
      return { dispatch: (offer) => client.dispatch(companyDayOf(offer)), close: client.close };
    },
    readAnswers: ({ service }, offers, signal) =>
      readAnswers(service.baseUrl, offers.map(companyDayOf), signal),
    readOutcome: ({ server, database }, offers, answers) =>
      readOutcome(server, database.name, offers.map(companyDayOf), answers),
    scales: true,
    dispatchesAgain: true,
    // A database that has them already is judged by what it has.
    indexesByHand: async (variant) =>
      parseVariant(variant).switches.indexes
        ? []
        : indexesOfMigration((await performanceIndexes()).upText, 'public'),
    driversOf: async ({ server, database }, offers) => {
      const drivers = await availableDrivers(server, database.name);
      return new Map(offers.map((offer) => [offer.key, drivers.get(companyDayOf(offer).companyId) ?? 0]));
    },
    openLists: ({ service }, { offers, signal }) =>
      openSizedLists(service.baseUrl, offers.map(companyDayOf), signal),
    doEverything: async ({ server, service, database }, { offers, ...options }) => {
      const companyDays = offers.map(companyDayOf);
      const someone = await someoneOf(server, database.name, companyDays[0]?.companyId ?? 1);
      await askUsualRequests({ ...options, ...someone, baseUrl: service.baseUrl, companyDays });
    },
  };
}

function variantName(text: string, flag = '--variant'): string {
  try {
    return parseVariant(text).name;
  } catch (error) {
    throw new HarnessError('BAD_OPTION', `${flag}: ${uncapitalised(messageOf(error))}`, { cause: error });
  }
}

function startVariant({ secret, onMessage, ...request }: StartRequest, entry: readonly string[] | undefined) {
  return startService({
    ...request,
    ...(entry === undefined ? {} : { entry }),
    ...(secret === undefined ? {} : { jwtSecret: secret }),
    ...(onMessage === undefined ? {} : { onStderr: onMessage }),
  });
}

/** Every open company-day, in the order of {@link companyDays}. */
export function offersOf(shape: DatasetShape): Offer[] {
  return companyDays(shape).map(offerOf);
}

export function offerOf({ companyId, day }: CompanyDay): Offer {
  return { key: `${companyId}/${day}`, values: { companyId, day } };
}

export function companyDayOf({ values }: Offer): CompanyDay {
  return { companyId: Number(values.companyId), day: String(values.day) };
}
