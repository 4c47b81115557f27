import type { DatasetShape } from '../../seed/profiles.ts';
import type { IndexDefinition } from '../advice/index-definition.ts';
import type { HarnessError } from '../errors.ts';
import type { PostgresServer } from '../postgres/server.ts';
import type { Clone } from '../postgres/templates.ts';
import type { DatasetPreview } from '../preview/dataset-preview.ts';
import type { DatasetIdentity, Outcome, TargetIdentity } from '../result.ts';
import type { Offer } from './offer.ts';
import type { Traffic, TrafficRequest } from './traffic.ts';

/**
 * The system under test as the harness sees it: a service in variants and what is in its database. One is the reference target
 * (`reference-target.ts`), all others come from a `rushhour.config.ts` (`configured-target.ts`).
 */
export interface Target {
  /** `reference`, or the name in the config. */
  readonly name: string;
  readonly variants: readonly string[];
  /** For records: what a variant was made of. @param variant canonical name */
  identityOf(variant: string, signal: AbortSignal): Promise<TargetIdentity>;
  /** Traffic it can be put under. */
  readonly scenarios: readonly ScenarioSummary[];
  /**
   * What one of its scenarios asks of its services; `null` for one of dispatches alone.
   * @throws HarnessError BAD_CONFIG when it cannot be driven
   */
  trafficOf(request: TrafficRequest): Traffic | null;
  /** Canonical name of a variant that a flag names, `--variant` by default. @throws HarnessError BAD_OPTION listing those there are */
  variantName(text: string, flag?: string): string;
  /** How many offers a dataset will have; `null` when only the dataset can tell. */
  expectedOffers(shape: DatasetShape): number | null;
  /** What {@link prepareDataset} would make. @param server `null` for the embedded one, which is not asked */
  previewDataset(
    server: PostgresServer | null,
    request: Pick<DatasetRequest, 'variant' | 'shape' | 'droppedIndexes'>,
  ): Promise<DatasetPreview>;
  /** Finds or builds the template that the clones of a variant come from. @throws HarnessError */
  prepareDataset(server: PostgresServer, request: DatasetRequest): Promise<PreparedDataset>;
  /** Name of the next database of a variant: its service may be told before it is there. */
  newDatabaseName(variant: string): string;
  /** Makes that database from its template, the same each time, and does what the user wants done around it. */
  openDatabase(request: DatabaseRequest): Promise<Clone>;
  /** Whether a service waits for a database that is not there yet: then it loads its code while the database is made. */
  readonly waitsForDatabase: boolean;
  /** Why statements of a variant cannot be heard on their way; `null` where they can. */
  deafTo(variant: string): string | null;
  /** Starts the service and returns once it is up. @throws HarnessError SERVICE_START_FAILED */
  startService(request: StartRequest): Promise<RunningService>;
  /** Logs in whoever these offers need, so that it is not part of a dispatch. @throws HarnessError DISPATCH_FAILED */
  openDispatcher(place: ServicePlace, options: DispatcherOptions): Promise<Dispatcher>;
  /** Asks about offers that were dispatched: the shapes of the answers, and a digest of what they say. */
  readAnswers(place: ServicePlace, offers: readonly Offer[], signal: AbortSignal): Promise<Answers>;
  /** What the dispatches of these offers have written. The service may have gone. */
  readOutcome(place: DatabasePlace, offers: readonly Offer[], answers: Answers): Promise<Outcome>;
  /** Whether datasets of any size can be made, so that growth can be measured. */
  readonly scales: boolean;
  /** Whether an offer may be dispatched a second time. */
  readonly dispatchesAgain: boolean;
  /** Drivers that an offer may be given to, by its key; an offer of which that is not known is left out. */
  driversOf(place: DatabasePlace, offers: readonly Offer[]): Promise<ReadonlyMap<string, number>>;
  /** Lists that can be asked for at any length, of a service whose offers were dispatched. */
  openLists(place: ServicePlace, options: AskOptions): Promise<readonly SizedList[]>;
  /** Indexes that somebody has chosen for this variant and its database does not have, to be judged beside those advised. */
  indexesByHand(variant: string): Promise<readonly IndexDefinition[]>;
  /** Dispatches the offers, then asks for everything else the service usually does, once each. */
  doEverything(place: ServicePlace, options: EverythingOptions): Promise<void>;
}

export interface AskOptions {
  readonly offers: readonly Offer[];
  readonly signal: AbortSignal;
}

/** A list whose length is asked for. */
export interface SizedList {
  /** Method and route: `GET /api/v1/bookings`. */
  readonly unit: string;
  /** @returns what was asked, as text, and how many items came */
  ask(limit: number): Promise<{ readonly path: string; readonly items: number }>;
}

export interface EverythingOptions extends AskOptions {
  /** Given each piece of work with its name: `dispatch`, or method and route. */
  hear<T>(unit: string, work: () => Promise<T>): Promise<T>;
  readonly onProgress: (detail: string) => void;
}

export interface ScenarioSummary {
  readonly name: string;
  /** For help, in a few words. */
  readonly purpose: string;
  /** Size of the dataset it is meant for. */
  readonly datasetProfile: string;
}

export type Answers = Pick<Outcome, 'responseShapes' | 'answersDigest'>;

export interface DatasetRequest {
  readonly variant: string;
  readonly shape: DatasetShape;
  /** Left out of the database on purpose. Default none. */
  readonly droppedIndexes?: readonly string[];
  readonly signal: AbortSignal;
  readonly onProgress: (detail: string) => void;
}

/** A seeded template, as a variant has it. */
export interface PreparedDataset {
  readonly template: string;
  readonly identity: DatasetIdentity;
  /** In the order in which they are dispatched. */
  readonly offers: readonly Offer[];
  /** What is worth knowing of it, in sentences. */
  readonly notes?: readonly string[];
  /** False when the template was there from an earlier run. */
  readonly built: boolean;
}

export interface ResetContext {
  readonly variant: string;
  readonly server: PostgresServer;
  readonly databaseName: string;
  readonly signal: AbortSignal;
}

export interface DatabaseRequest extends ResetContext {
  readonly template: string;
}

export interface StartRequest {
  readonly variant: string;
  readonly databaseUrl: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Shared by all services of an experiment, 32 characters or more. Default: a random one. */
  readonly secret?: string;
  /** Busy time added to each request ÷ its service time; of the reference target alone. Default 0. */
  readonly injectedSlowdownRatio?: number;
  readonly signal: AbortSignal;
  /** The service's own messages. Default: kept, and shown when the start fails. */
  readonly onMessage?: (line: string) => void;
  /** Told once each: what is odd about the way it comes up and goes down, in sentences. */
  readonly onOddity?: (sentence: string) => void;
}

export interface RunningService {
  readonly baseUrl: string;
  /** Pids whose CPU time is the service's: its processes and their children's parents. Empty where they are not ours to watch. */
  readonly pids: readonly number[];
  /** Fires when it ends without having been told to. The reason is a HarnessError SERVICE_ENDED with its last messages. */
  readonly ended: AbortSignal;
  /**
   * Why what was measured on it since it was up does not count: it, or a worker of it, has ended or was started anew. `null` while all
   * is well. Left out where nobody can tell.
   */
  failure?(): HarnessError | null;
  /** Ends it and waits until it has gone; a service that ran before stays. */
  stop(): Promise<void>;
}

export interface DatabasePlace {
  readonly server: PostgresServer;
  readonly database: Pick<Clone, 'name' | 'oid'>;
}

export interface ServicePlace extends DatabasePlace {
  readonly service: RunningService;
}

export interface DispatcherOptions {
  readonly offers: readonly Offer[];
  /** What logins of earlier dispatchers gave, by account; valid at every service that was started with the same secret. */
  readonly logins: Logins;
  readonly signal: AbortSignal;
  /** Told once each: what is odd about the service, in sentences. */
  readonly onOddity: (sentence: string) => void;
}

/** Headers of requests, by account. */
export type Logins = Map<string, Readonly<Record<string, string>>>;

/** Dispatches, one at a time, over one connection. */
export interface Dispatcher {
  /** @throws HarnessError DISPATCH_FAILED unless the dispatch completed, as its rows show where the target's config says how */
  dispatch(offer: Offer): Promise<DispatchAnswer>;
  close(): void;
}

export interface DispatchAnswer {
  /** Request sent to complete, in ms. Waiting because of a rate limit is not part of it. */
  readonly wallMs: number;
  readonly offered: number;
  readonly assigned: number;
  readonly unassigned: number;
  /** As the service times itself; `null` where it does not. */
  readonly phases: { readonly loadMs: number; readonly decideMs: number; readonly applyMs: number } | null;
}
