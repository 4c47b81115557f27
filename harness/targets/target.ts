import type { DatasetShape } from '../../seed/profiles.ts';
import type { PostgresServer } from '../postgres/server.ts';
import type { Clone } from '../postgres/templates.ts';
import type { DatasetIdentity, Outcome } from '../result.ts';
import type { Offer } from './offer.ts';

/**
 * The system under test as the harness sees it: a service in variants and what is in its database. One is the reference target
 * (`reference-target.ts`), all others come from a `rushhour.config.ts` (`configured-target.ts`).
 */
export interface Target {
  /** `reference`, or the name in the config. */
  readonly name: string;
  readonly variants: readonly string[];
  /** Canonical name of a variant. @throws HarnessError BAD_OPTION listing those there are */
  variantName(text: string): string;
  /** Finds or builds the template that the clones of a variant come from. @throws HarnessError */
  prepareDataset(server: PostgresServer, request: DatasetRequest): Promise<PreparedDataset>;
  /** Name of the database that the service of a variant is bound to; `null`: any will do. */
  databaseNameOf(variant: string): string | null;
  /** What the user wants done before a database is replaced and after. */
  aroundReset(phase: 'before' | 'after', reset: ResetContext): Promise<void>;
  /** Starts the service and returns once it is up. @throws HarnessError SERVICE_START_FAILED */
  startService(request: StartRequest): Promise<RunningService>;
  /** Logs in whoever these offers need, so that it is not part of a dispatch. @throws HarnessError DISPATCH_FAILED */
  openDispatcher(place: ServicePlace, options: DispatcherOptions): Promise<Dispatcher>;
  /** Asks about offers that were dispatched: the shapes of the answers, and a digest of what they say. */
  readAnswers(place: ServicePlace, offers: readonly Offer[], signal: AbortSignal): Promise<Answers>;
  /** What the dispatches of these offers have written. The service may have gone. */
  readOutcome(place: DatabasePlace, offers: readonly Offer[], answers: Answers): Promise<Outcome>;
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
  /** False when the template was there from an earlier run. */
  readonly built: boolean;
}

export interface ResetContext {
  readonly variant: string;
  readonly server: PostgresServer;
  readonly databaseName: string;
  readonly signal: AbortSignal;
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
}

export interface RunningService {
  readonly baseUrl: string;
  /** Pids whose CPU time is the service's: its processes and their children's parents. Empty where they are not ours to watch. */
  readonly pids: readonly number[];
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
