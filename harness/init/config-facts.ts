import type { DatabaseFacts } from './catalogue.ts';
import type { OfferFacts } from './offer-facts.ts';
import type { ApiDescription } from './openapi.ts';
import type { Roles } from './roles-of-tables.ts';

/** What init knows when it writes. */
export interface ConfigFacts {
  readonly name: string;
  readonly service: ServiceFacts | null;
  readonly database: DatabaseFacts | null;
  readonly roles: Roles;
  readonly offer: OfferFacts | null;
  /** File with the schema, seen from the config; `null` when there is none yet. */
  readonly schemaFile: string | null;
  /** What the config imports its type from. */
  readonly typesFrom: string;
}

export interface ServiceFacts {
  /** Origin and path, without a slash at the end; `null` where only the description of its API was there. */
  readonly baseUrl: string | null;
  /** Path that answered 2xx as a health check would, or looks like one in the description. */
  readonly health: string | null;
  readonly api: ApiDescription | null;
  /** Path or file of the document that `api` is from. */
  readonly apiPath: string | null;
  /** What a person should know of it, in sentences. */
  readonly notes: readonly string[];
}
