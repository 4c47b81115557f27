/**
 * What `rushhour.config.ts` says: a dispatch service that is not ours, and how to measure it. Types only. Everything but the
 * mapping of rows and a login of one's own is plain data, so that it can be checked, kept beside a result and handed to k6.
 *
 * Requests hold placeholders such as `{depot_id}`: columns of the offer, of the account that asks, and values extracted from earlier
 * answers. In a body, a text that is one placeholder and nothing else keeps the type of its value. SQL takes the same values as
 * parameters: `:depot_id`. Paths into JSON answers are dotted: `run.id`, `items.0.id`.
 */
import type { EntityName, EntityOf } from '../../seed/entities.ts';

export type Value = string | number | boolean | null;
export type Values = Readonly<Record<string, Value>>;

export type Json = Value | readonly Json[] | { readonly [name: string]: Json };

export interface RushhourConfig {
  /** Names the target in results: small letters, digits, dashes. */
  readonly name: string;
  readonly service: ServiceConfig;
  readonly database?: DatabaseConfig;
  /** Left out for a service that asks for none. */
  readonly login?: LoginConfig;
  readonly dataset: DatasetConfig;
  readonly dispatch: DispatchConfig;
  readonly outcome: OutcomeConfig;
  /** By a name of one's own, which mixes use. */
  readonly endpoints?: Readonly<Record<string, EndpointConfig>>;
  readonly scenarios?: Readonly<Record<string, ScenarioConfig>>;
  /** The first is the baseline unless `--variants` says otherwise. */
  readonly variants: Readonly<Record<string, VariantConfig>>;
  readonly hooks?: HooksConfig;
  readonly week?: WeekConfig;
  readonly nightly?: NightlyConfig;
}

export interface ServiceConfig {
  /** Asked until it answers 2xx: only then is the service up. */
  readonly health: string;
  /** Default 60. */
  readonly startTimeoutSeconds?: number;
  /** Of any request but a dispatch. Default 30. */
  readonly requestTimeoutSeconds?: number;
  /** Asked once after each start, before anything is measured: what a first call builds is not a dispatch's. */
  readonly warmUp?: readonly RequestConfig[];
  /** Requests the service takes in a second from one client; more are answered 429. Default: no limit. */
  readonly requestsPerSecond?: number;
  /** IANA name of the zone in which it keeps timestamps without a zone. Default `UTC`. */
  readonly timeZone?: string;
}

export interface DatabaseConfig {
  /** Created before the schema: `pgcrypto`, `postgis`. Default none. */
  readonly extensions?: readonly string[];
  /** Settings of each database the service works in, by name: `{ search_path: 'app, public' }`. Default none. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface RequestConfig {
  /** Default GET, with a body POST. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the origin of the service on, with a leading slash. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: Json;
  /** Sent as a form instead. */
  readonly form?: Readonly<Record<string, string>>;
}

/** SQL text, or the file it is in, seen from the config. */
export type SqlText = string | { readonly file: string };

/** A program and its arguments; `{port}`, `{variant}` and the like are filled in, passwords only through the environment. */
export interface CommandConfig {
  readonly command: readonly string[];
  /** Seen from the config. Default: its own folder. */
  readonly folder?: string;
  /**
   * Texts with placeholders: `{databaseUrl}`, or its parts `{databaseUser}`, `{databasePassword}`, `{databaseHost}`, `{databasePort}`,
   * `{databaseName}`; `{host}`, `{port}`, `{baseUrl}`, `{variant}`, `{secret}` (the same random text for all services of an experiment).
   */
  readonly environment?: Readonly<Record<string, string>>;
}

/** How users log in. What they are given is used until it is refused; passwords belong into environment variables or the data. */
export type LoginConfig =
  | ({
      readonly kind: 'token';
      readonly request: RequestConfig;
      /** Path to the token in the answer. */
      readonly token: string;
      /** Default `authorization`. */
      readonly header?: string;
      /** Put before the token. Default `Bearer`; empty for the bare token. */
      readonly scheme?: string;
    } & AccountsConfig)
  | ({
      /** Whatever cookies the answer sets are sent from then on. */
      readonly kind: 'cookie';
      readonly request: RequestConfig;
    } & AccountsConfig)
  | { readonly kind: 'header'; readonly headers: Readonly<Record<string, string>> }
  | ({
      readonly kind: 'steps';
      /** Logs one account in and returns the headers that its requests carry. */
      readonly logIn: (service: LoginService, account: Values) => Promise<Readonly<Record<string, string>>>;
    } & AccountsConfig);

export interface LoginService {
  readonly baseUrl: string;
  /** As the global `fetch`, from the origin of the service on. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export interface AccountsConfig {
  /** Who may log in: a list, or a query whose columns are the values of the login's placeholders. */
  readonly accounts: readonly Values[] | { readonly sql: SqlText };
  /** Column that an account shares with the offers it dispatches. Default: the first account does everything. */
  readonly accountOf?: string;
  /** Logins the service takes in a minute; more wait. Default: no limit. */
  readonly loginsPerMinute?: number;
}

/** Where the rows come from. The schema is made first; templates of both are kept and cloned. */
export type DatasetConfig = DatasetSchema &
  (
    | {
        /** By table of the target: which of our entities fill it, and how. */
        readonly rows: Readonly<Record<string, TableMapping>>;
      }
    | {
        /** Fills the schema. Commands get `{bookings}`, `{drivers}`, `{history}`, `{companies}`, `{days}`, `{randomSeed}` of the profile asked for. */
        readonly seed: readonly DataStep[];
        /** Whether these steps heed the sizes: only then can growth be measured. Default false. */
        readonly scales?: boolean;
      }
    | {
        /** A database of this name already holds it. It is copied only when `--copy-from` names it too, and nobody may be connected. */
        readonly copyOf: string;
      }
  );

export interface DatasetSchema {
  /** Makes the empty schema, in this order. */
  readonly schema?: readonly DataStep[];
}

/** SQL, or a program that gets the database through its environment (default `DATABASE_URL`). */
export type DataStep = SqlText | CommandConfig;

export type TableMapping = {
  readonly [Name in EntityName]: {
    readonly from: Name;
    /** One row, several, or none (`null`) for an entity. A column that is left out gets its default. */
    readonly row: (entity: EntityOf<Name>, tools: MappingTools) => TableRow | readonly TableRow[] | null;
  };
}[EntityName];

/** A `Date` becomes the column's own kind of timestamp; what is neither text, number nor boolean is written as JSON. */
export type TableRow = Readonly<Record<string, Json | Date | bigint | undefined>>;

export interface MappingTools {
  /** The same UUID for the same words, every time: `uuid('order', booking.id)`. */
  uuid(...words: readonly (string | number)[]): string;
  /** Passwords of generated users, hashed as the service wants them; computed once for each distinct call. */
  passwordHash(
    scheme: 'pbkdf2-sha256' | 'scrypt' | 'sha256',
    options?: { readonly iterations?: number },
  ): string;
}

export interface DispatchConfig {
  /** What there is to dispatch, one row each: a query of the seeded database, or a list. Every dispatch consumes one. */
  readonly offers: readonly Values[] | { readonly sql: SqlText };
  readonly request: RequestConfig;
  /** Names for values of the first answer, by path: `{ planId: 'plan_id' }`. */
  readonly extract?: Readonly<Record<string, string>>;
  readonly complete: CompletionConfig;
  /** From the request to complete. Default 300. */
  readonly timeoutSeconds?: number;
  /**
   * One row: `open`, `assigned` and, if the service has such, `unassigned` bookings of an offer (`:column` of it). Asked before and after each
   * dispatch: what was open is what was offered, and afterwards every booking is accounted for. This, and no status, is success.
   */
  readonly rows: SqlText;
  /**
   * One row, one number: drivers an offer (`:column` of it) may be given to. With it, what runs once for each of them is told as such.
   * Default: not known.
   */
  readonly drivers?: SqlText;
  /** For so long no statement may run after a dispatch before it counts as over. Default 200; a count that never stands still is told. */
  readonly settleMs?: number;
  /** Least time between two dispatches, of a service that merges or refuses quick ones. Default 0. */
  readonly pauseMs?: number;
}

/** How one knows that a dispatch is complete. */
export type CompletionConfig =
  | { readonly by: 'response' }
  | {
      readonly by: 'poll';
      readonly request: RequestConfig;
      /** Path to what tells the state. */
      readonly state: string;
      readonly done: readonly Value[];
      readonly failed?: readonly Value[];
      /** Default 50. */
      readonly everyMs?: number;
    }
  | {
      /** One row, whose first column is true when it is over. */
      readonly by: 'sql';
      readonly sql: SqlText;
      /** Default 25. */
      readonly everyMs?: number;
    }
  /** When `rows` says that nothing is open any more. */
  | { readonly by: 'rows'; readonly everyMs?: number };

/** What has to be equal between variants. */
export interface OutcomeConfig {
  /** For an offer (`:column` of it), the rows its dispatch wrote: without generated ids and clock times. */
  readonly sql: SqlText;
  /** Asked after the dispatch of an offer; the answers must be equal too. */
  readonly answers?: readonly RequestConfig[];
  /** Members of answers that may differ, at any depth: ids that the order of writing gives, clock times. */
  readonly ignore?: readonly string[];
}

export interface EndpointConfig extends RequestConfig {
  /** Statuses that are right. Default: every 2xx. */
  readonly expect?: readonly number[];
  /** Names for values of the answer, by path, for later requests of the same visit. */
  readonly extract?: Readonly<Record<string, string>>;
  /** A list whose length a placeholder sets: its statements are counted at growing lengths. `items` is the path to the list. */
  readonly page?: { readonly size: string; readonly items: string };
}

export type ScenarioConfig =
  | {
      /** Visits by weight: endpoints asked one after another, each with what the earlier ones extracted. */
      readonly mix: readonly { readonly weight: number; readonly visit: readonly string[] }[];
      /** Visits a second, step by step. */
      readonly steps: readonly {
        readonly name?: string;
        readonly ratePerSecond: number;
        readonly seconds: number;
      }[];
      /** Before the steps, at the rate of the first. Default 2. */
      readonly warmUpSeconds?: number;
      /** A dispatch now and then, each of the next offer. Default: none. */
      readonly dispatchEverySeconds?: number;
      readonly thresholds?: {
        readonly p95Ms?: Readonly<Record<string, number>>;
        readonly errorRatio?: number;
      };
      /**
       * Share of failed requests, 0–1, above which a load is ended: of those of the last 10 s, without 429s. 1 never ends it. Default 0.5, and
       * 0.9 without timeouts where the rate changes from step to step.
       */
      readonly maxErrorRatio?: number;
    }
  | {
      /** A k6 script as it is; it gets `BASE_URL` and this environment. */
      readonly k6: string;
      readonly environment?: Readonly<Record<string, string>>;
      /** As for a mix. Default 0.5. */
      readonly maxErrorRatio?: number;
    };

/** How to bring a variant up. Everything is optional but one of `start` and `url`. */
export interface VariantConfig {
  /** What it is, for reports. */
  readonly title?: string;
  /** The service: a process of its own for each measurement, on `{port}`. */
  readonly start?: CommandConfig;
  /** Beside it: workers that take jobs from a queue. */
  readonly workers?: readonly CommandConfig[];
  /** A service that already runs, instead of `start`. It is not stopped, and works in the database `database`. */
  readonly url?: string;
  /** Name of the database that a running service is connected to; begins with `rushhour_`, is replaced before each measurement. */
  readonly database?: string;
  /** Commit, tag or branch of a git repository (default: the config's own) that is checked out aside and built once. */
  readonly source?: {
    readonly repository?: string;
    readonly ref: string;
    readonly build?: readonly CommandConfig[];
  };
  /** Done to the seeded database of this variant, with the way back where there is one. */
  readonly migration?: { readonly up: readonly DataStep[]; readonly down?: readonly DataStep[] };
}

/** Commands around each new database. They get the environment of a command, and `{phase}`: `before` or `after`. */
export interface HooksConfig {
  readonly beforeReset?: readonly CommandConfig[];
  readonly afterReset?: readonly CommandConfig[];
}

/**
 * The week's variants, each with what it adds to the one before: the indexes, bulk writes, and last joined and batched loading. Days
 * without one are left out and say so.
 */
export interface WeekConfig {
  readonly baseline: string;
  readonly indexes?: string;
  readonly bulkApply?: string;
  /** Everything. */
  readonly optimised: string;
  /** What the week is to reach. Default: no goal but that nothing gets worse. */
  readonly goals?: WeekGoalsConfig;
}

/** Each from −1 to 0, the change from before to after: −0.5 is half of it. Left out: better is enough. */
export interface WeekGoalsConfig {
  /** Of the time of a dispatch; its whole interval has to reach it. */
  readonly dispatchTime?: number;
  /** Of the statements of a dispatch. */
  readonly queries?: number;
  /** Of the slow statements of a dispatch. */
  readonly slowStatements?: number;
  /** How many indexes the migration adds, at least. */
  readonly indexes?: number;
}

/** What `rushhour nightly` measures: one variant at two commits of its repository, side by side. */
export interface NightlyConfig {
  /**
   * Brought up at both commits: in the place of its `source.ref`, with the files and programs of its migration as the commit has them. Default:
   * the only variant that has a `source`.
   */
  readonly variant?: string;
  /** What each night is compared with: a tag or commit, the last release for example. */
  readonly reference: string;
  /** Default `HEAD` of the repository. */
  readonly candidate?: string;
  /** Scenarios of the config, by name. Default: the first, with its defaults. */
  readonly scenarios?: Readonly<Record<string, NightlyScenarioConfig>>;
  /** Where the history is kept, seen from the config. Default `nightly/history.ndjson`. */
  readonly history?: string;
  /** Nights whose raw samples are kept; of older ones verdicts, intervals and counters stay. Default 14. */
  readonly keepRawNights?: number;
}

export interface NightlyScenarioConfig {
  /** Fixed number of pairs. Default: looks at 10, 16 and 24. */
  readonly pairs?: number;
  /** `count`: exact counters alone; `pair`: the time of a dispatch too; `load`: under load too. Default `pair`. */
  readonly mode?: 'count' | 'pair' | 'load';
  /** Metrics that may fail a night, each with its band of no interest: `{ 'dispatch time': 0.05 }`. Default: those of an experiment. */
  readonly gates?: Readonly<Record<string, number>>;
}
