/** Replays what a service said to its database, on a clone of the database it said it to. */
import pg from 'pg';
import type { CapturedStatement, Transcript } from '../capture/transcript.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { endClient } from '../postgres/end-client.ts';
import { redactUrl } from '../postgres/server.ts';
import { watchSilence } from '../postgres/silent-session.ts';
import { type StatementOutcome, sendMessage } from './replayed-message.ts';

/** Sessions of a replay are told apart from the service's and the harness's own by this name. */
export const REPLAY_APPLICATION_NAME = 'rushhour-replay';

const STATEMENT_TIMEOUT_MS = 120_000;
/** Sessions wait for each other when they run at once, and never do in a replay: a lock that is held stays held. */
const LOCK_TIMEOUT_MS = 2_000;

/** One captured statement, replayed. */
export interface ReplayedStatement extends StatementOutcome {
  /** Place in {@link Transcript.statements}. */
  readonly index: number;
  /** From sent to answered, in milliseconds; shared equally by the statements of one message. */
  readonly durationMs: number;
}

export interface SkippedStatement {
  readonly index: number;
  readonly reason: string;
}

export interface Replayed {
  /** In the order of the transcript. */
  readonly statements: readonly ReplayedStatement[];
  readonly skipped: readonly SkippedStatement[];
}

/** Where a statement is about to run or has run: on `client`, in the transaction that the session has open. */
export interface ReplayPlace {
  readonly index: number;
  readonly statement: CapturedStatement;
  readonly client: pg.Client;
}

/** Both run on no other session's time: nothing else is replayed until they are done. */
export interface ReplayHooks {
  /** Executes a statement in its place, when it answers with outcomes; with `null` it is replayed as captured. */
  readonly instead?: (place: ReplayPlace) => Promise<StatementOutcome[] | null>;
  readonly before?: (place: ReplayPlace) => Promise<void>;
  readonly after?: (place: ReplayPlace, replayed: ReplayedStatement) => Promise<void>;
}

/** Sessions that stay open over several transcripts, as a service's pool stays open over several requests. */
export interface ReplaySessions {
  /** @throws HarnessError DATABASE_FAILED when a session cannot be opened or breaks */
  play(transcript: Transcript, hooks?: ReplayHooks): Promise<Replayed>;
  close(): Promise<void>;
}

/**
 * Opens a replay on a database: one connection for each captured session, opened when it first speaks. Statements run
 * one after another, in the order in which they ended when they were captured: whatever one had to wait for is then done
 * before it. Transactions, parameters and their types are as captured.
 *
 * Prepared statements are replayed unnamed, so each is planned with its parameters (a custom plan).
 *
 * @param connectionUrl of a clone in the state the capture began in: then equal ids are given out again
 */
export function openReplay(connectionUrl: string): ReplaySessions {
  const clients = new Map<number, pg.Client>();
  const clientOf = async (session: number) => {
    const known = clients.get(session);
    if (known) return known;
    const opened = await connect(connectionUrl);
    clients.set(session, opened);
    return opened;
  };
  return {
    play: (transcript, hooks = {}) => play(transcript, hooks, clientOf),
    close: async () => {
      await Promise.all([...clients.values()].map((client) => endClient(client)));
      clients.clear();
    },
  };
}

/** Replays one transcript on sessions of its own, which are closed afterwards. See {@link openReplay}. */
export async function replayTranscript(
  connectionUrl: string,
  transcript: Transcript,
  hooks: ReplayHooks = {},
): Promise<Replayed> {
  const sessions = openReplay(connectionUrl);
  try {
    return await sessions.play(transcript, hooks);
  } finally {
    await sessions.close();
  }
}

async function connect(connectionUrl: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: connectionUrl,
    application_name: REPLAY_APPLICATION_NAME,
    connectionTimeoutMillis: 15_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
  });
  client.on('error', () => {}); // the statement under way carries it to whoever waits
  await client.connect().catch((error: unknown) => {
    throw replayError(connectionUrl, error);
  });
  watchSilence(client, { connectionString: connectionUrl, where: redactUrl(connectionUrl) });
  return client;
}

function replayError(connectionUrl: string, error: unknown): HarnessError {
  return new HarnessError(
    'DATABASE_FAILED',
    `Cannot replay on ${redactUrl(connectionUrl)}: ${messageOf(error)}`,
    { cause: error, hint: 'Check that the server runs and has connections left.' },
  );
}

async function play(
  transcript: Transcript,
  hooks: ReplayHooks,
  clientOf: (session: number) => Promise<pg.Client>,
): Promise<Replayed> {
  const statements: ReplayedStatement[] = [];
  const skipped: SkippedStatement[] = [];
  for (const message of messagesInOrder(transcript)) {
    const reason = whySkipped(message.statement);
    if (reason) {
      skipped.push(...message.indexes.map((index) => ({ index, reason })));
      continue;
    }
    const client = await clientOf(message.statement.session);
    statements.push(...(await playMessage(client, message, hooks)));
  }
  statements.sort((a, b) => a.index - b.index);
  return { statements, skipped };
}

interface Message {
  readonly statement: CapturedStatement;
  /** The captured statements that it made. */
  readonly indexes: readonly number[];
}

/** A simple message whose statements could not be told apart was captured whole as several; it is sent once. */
function messagesInOrder({ statements }: Transcript): Message[] {
  const messages: { statement: CapturedStatement; indexes: number[]; endedMs: number }[] = [];
  const open = new Map<string, (typeof messages)[number]>();
  for (const [index, statement] of statements.entries()) {
    const { session, exchange, protocol, text, endedMs } = statement;
    const key = `${session} ${exchange} ${text}`;
    const isWhole = protocol === 'simple' && /;\s*\S/.test(text);
    const known = isWhole ? open.get(key) : undefined;
    if (known) {
      known.indexes.push(index);
      continue;
    }
    const message = { statement, indexes: [index], endedMs };
    if (isWhole) open.set(key, message);
    messages.push(message);
  }
  return messages.sort((a, b) => a.endedMs - b.endedMs); // stable: what ended at once stays in captured order
}

function whySkipped({ command, text }: CapturedStatement): string | null {
  if (command === 'COPY' || /^\s*COPY\b/i.test(text)) return 'COPY: its data is not kept';
  return null;
}

async function playMessage(
  client: pg.Client,
  { statement, indexes }: Message,
  hooks: ReplayHooks,
): Promise<ReplayedStatement[]> {
  const [index = 0] = indexes;
  const place = { index, statement, client };
  await hooks.before?.(place);
  const startedMs = performance.now();
  const outcomes = await execute(place, hooks).catch((error: unknown) => {
    throw new HarnessError('DATABASE_FAILED', `The replay broke off: ${messageOf(error)}`, { cause: error });
  });
  const durationMs = (performance.now() - startedMs) / Math.max(1, outcomes.length);
  const replayed = indexes
    .slice(0, outcomes.length)
    .map((at, position) => ({ index: at, durationMs, ...(outcomes[position] as StatementOutcome) }));
  for (const one of replayed) await hooks.after?.({ ...place, index: one.index }, one);
  return replayed;
}

async function execute(place: ReplayPlace, hooks: ReplayHooks): Promise<StatementOutcome[]> {
  return (await hooks.instead?.(place)) ?? sendMessage(place.client, place.statement);
}
