import type pg from 'pg';
import { mean } from 'simple-statistics';
import { listenTo, withTappedTarget } from '../capture/tapped-target.ts';
import type { Transcript } from '../capture/transcript.ts';
import { type Waiting, waitOf } from '../capture/waiting.ts';
import { type FreshTargetOptions, withFreshTarget } from '../experiment/fresh-target.ts';
import { describeEnvironment } from '../machine/environment.ts';
import { withAdmin } from '../postgres/server.ts';
import {
  canCountStatements,
  lossBetween,
  type StatementCounters,
  snapshotStatements,
  statementDelta,
} from '../postgres/statement-stats.ts';
import { readStatementVisibility, type StatementVisibility } from '../postgres/statement-visibility.ts';
import type { Environment } from '../result.ts';
import type { Offer } from '../targets/offer.ts';

/** A dispatch at the user's size, alone, heard by the tap and counted by the database. */
export interface ProfiledDispatch {
  readonly offer: Offer;
  /** Request sent to complete, with the tap between service and database. */
  readonly wallMs: number;
  readonly offered: number;
  readonly assigned: number;
  readonly transcript: Transcript;
  /** What the service waited for meanwhile. */
  readonly waiting: Waiting;
  /** What `pg_stat_statements` counted meanwhile; null where it cannot be read. */
  readonly counted: readonly StatementCounters[] | null;
}

export interface ProfiledDispatches {
  readonly dispatches: readonly ProfiledDispatch[];
  readonly environment: Environment;
  readonly visibility: StatementVisibility;
  /** Why dispatches were heard and not counted, in sentences. */
  readonly losses: readonly string[];
  /** Drivers who may be sent, the mean of the offers; `null` where that is not known. */
  readonly availableDrivers: number | null;
  /** What is odd about the service, in sentences. */
  readonly oddities: readonly string[];
  /** The whole session from the first login on, for a replay on another clone. */
  readonly transcript: Transcript;
}

export interface ProfileOptions {
  readonly offers: readonly Offer[];
  /** How many of them, from the first, only warm up. */
  readonly warmUp: number;
  readonly onProgress: (detail: string) => void;
}

/**
 * Dispatches one after another through the tap; the statement parser must have been loaded. Nothing is logged, and the counters
 * are read from another database.
 */
export async function profileDispatches(
  target: FreshTargetOptions,
  options: ProfileOptions,
): Promise<ProfiledDispatches> {
  const { server, template, signal } = target;
  const { offers } = options;
  return withTappedTarget(target, async (place) => {
    const { database, tap } = place;
    const identity = await target.target.identityOf(target.variant, signal);
    const environment = await withAdmin(server, database.name, (client) =>
      describeEnvironment(server, client, { target: identity, template, generators: {} }),
    );
    const drivers = await target.target.driversOf(place, offers);
    const oddities: string[] = [];
    const dispatcher = await target.target.openDispatcher(place, {
      ...{ offers, signal, logins: new Map() },
      onOddity: (sentence) => oddities.push(sentence),
    });
    await tap.idle();
    const transcripts: Transcript[] = [tap.take()];
    const losses: string[] = [];
    const { dispatches, visibility } = await withAdmin(server, undefined, async (observer) => {
      const count = await counterOf(observer, database.oid, (loss) => losses.push(loss));
      const profiled: ProfiledDispatch[] = [];
      for (const [index, offer] of offers.entries()) {
        signal.throwIfAborted();
        options.onProgress(`${index + 1} of ${offers.length}`);
        const { answer, transcript, counted } = await count(() =>
          listenTo(tap, () => dispatcher.dispatch(offer)),
        );
        transcripts.push(transcript);
        if (index < options.warmUp) continue;
        const { wallMs, offered, assigned } = answer;
        profiled.push({
          ...{ offer, wallMs, offered, assigned },
          ...{ transcript, waiting: waitOf(transcript), counted },
        });
      }
      return { dispatches: profiled, visibility: await readStatementVisibility(observer, database.oid) };
    }).finally(() => dispatcher.close());
    const known = dispatches.flatMap(({ offer }) => drivers.get(offer.key) ?? []);
    return {
      ...{ dispatches, environment, visibility, losses, oddities },
      availableDrivers: known.length === 0 ? null : Math.round(mean(known)),
      transcript: joinTranscripts(transcripts),
    };
  });
}

/** Wraps a piece of work in two readings of the counters; they are null on a server that has none. */
async function counterOf(observer: pg.Client, databaseOid: number, onLoss: (loss: string) => void) {
  const visible = await canCountStatements(observer);
  return async <T extends object>(work: () => Promise<T>) => {
    if (!visible) return { ...(await work()), counted: null };
    const before = await snapshotStatements(observer, databaseOid);
    const answer = await work();
    const after = await snapshotStatements(observer, databaseOid);
    const loss = lossBetween(before, after);
    if (loss === null) return { ...answer, counted: statementDelta(before, after) };
    onLoss(`A dispatch was heard and not counted: ${loss}.`);
    return { ...answer, counted: null };
  };
}

/** One transcript of several in a row, the places of the exchanges moved accordingly. */
function joinTranscripts(transcripts: readonly Transcript[]): Transcript {
  const joined = {
    statements: [] as Transcript['statements'][number][],
    exchanges: [] as Transcript['exchanges'][number][],
    blindSpots: [] as string[],
  };
  for (const { statements, exchanges, blindSpots } of transcripts) {
    const offset = joined.exchanges.length;
    joined.statements.push(...statements.map((one) => ({ ...one, exchange: one.exchange + offset })));
    joined.exchanges.push(...exchanges);
    joined.blindSpots.push(...blindSpots.filter((spot) => !joined.blindSpots.includes(spot)));
  }
  return joined;
}

/** The same dispatches on another fresh clone with nothing in between: how long they take undisturbed, in ms. */
export async function timeDispatches(
  target: FreshTargetOptions,
  { offers, warmUp, onProgress }: ProfileOptions,
): Promise<number[]> {
  const { signal } = target;
  return withFreshTarget(target, async (place) => {
    const options = { offers, signal, logins: new Map(), onOddity: () => {} };
    const dispatcher = await target.target.openDispatcher(place, options);
    try {
      const wallMs: number[] = [];
      for (const [index, offer] of offers.entries()) {
        signal.throwIfAborted();
        onProgress(`${index + 1} of ${offers.length}`);
        wallMs.push((await dispatcher.dispatch(offer)).wallMs);
      }
      return wallMs.slice(warmUp);
    } finally {
      dispatcher.close();
    }
  });
}
