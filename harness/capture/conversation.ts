/** Follows one session: from its messages to the statements that were executed and the waits for them. */
import { type Batch, batchRecorder } from './batch.ts';
import { commandFields, parameterStatusFields, sqlStateOf, transactionStateOf } from './message-fields.ts';
import { type Portal, sessionNames } from './prepared-statements.ts';
import { CLIENT_BODIES, type Request, requestOf, requestQueue } from './session-requests.ts';
import { splitStatements } from './split-statements.ts';
import { messageReader } from './wire-messages.ts';

export interface ConversationListener {
  onBatch(batch: Batch): void;
  /** Something that cannot be followed, as a sentence without the session: "called a function by message". */
  onBlindSpot(what: string): void;
}

export interface Conversation {
  /** Bytes from the client or the server and when they came. @throws Error when they are no messages. */
  fromClient(chunk: Buffer, atMs: number): void;
  fromServer(chunk: Buffer, atMs: number): void;
  /** The session is over. */
  close(atMs: number): void;
  /** Whether something was asked for and is not answered, or not ended by a Sync. */
  isUnderWay(): boolean;
}

type Kind<K extends Request['kind']> = Request & { readonly kind: K };

const SERVER_BODIES = 'CEZS';
/** In these a parameter's bytes are read rightly as UTF-8. */
const ENCODINGS_READ = new Set(['UTF8', 'SQL_ASCII']);

/** @param session its number, from 1 */
export function followSession(session: number, listener: ConversationListener): Conversation {
  const requests = requestQueue();
  const names = sessionNames();
  const batch = batchRecorder(session);
  let clientAtMs = 0;
  let serverAtMs = 0;
  let hasFailed = false; // since the last ReadyForQuery
  let rowsSeen = 0; // of the request that is being answered
  let answers: { command: string | null; rows: number | null; sqlState: string | null; endedMs: number }[] =
    []; // to a simple Query

  const answered = () => {
    rowsSeen = 0;
    if (requests.answered()) batch.endExchange(serverAtMs);
  };

  /** Portals that go before all their rows were asked for have ended with those they gave. */
  const endPortals = (portals: readonly Portal[]) => {
    for (const { fetched, ...portal } of portals) {
      const outcome = {
        command: 'SELECT',
        sqlState: null,
        endedMs: serverAtMs,
        protocol: 'extended',
      } as const;
      if (fetched) batch.add(portal, { ...outcome, ...fetched });
    }
  };

  const bound = ({ portal, statement, parameters }: Kind<'bind'>) => {
    if (!names.knows(statement)) listener.onBlindSpot('executed what PREPARE in SQL had prepared');
    endPortals(names.closePortals([portal]));
    names.open(portal, statement, parameters);
  };

  const executed = (
    { portal: name, sentMs }: Kind<'execute'>,
    answer: { command: string | null; rows: number | null; sqlState: string | null },
  ) => {
    const { fetched, ...portal } = names.portal(name);
    const rows = fetched && answer.command ? fetched.rows + rowsSeen : answer.rows;
    const startedMs = fetched?.startedMs ?? sentMs;
    names.finish(name);
    batch.add(portal, { ...answer, rows, startedMs, endedMs: serverAtMs, protocol: 'extended' });
  };

  const suspended = ({ portal, sentMs }: Kind<'execute'>) => {
    const { startedMs = sentMs, rows = 0 } = names.portal(portal).fetched ?? {};
    names.suspend(portal, { startedMs, rows: rows + rowsSeen });
  };

  const queryEnded = ({ text, sentMs }: Kind<'query'>) => {
    const texts = splitStatements(text) ?? [];
    if (texts.length < answers.filter(({ command }) => command !== null).length)
      listener.onBlindSpot('sent several statements in one message that could not be told apart');
    for (const [place, answer] of answers.entries()) {
      const statement = { text: texts[place] ?? text, parameters: [], parameterTypes: [] };
      batch.add(statement, { ...answer, startedMs: sentMs, protocol: 'simple' });
    }
    answers = [];
  };

  const failed = (request: Request, sqlState: string) => {
    hasFailed = true;
    const answer = { command: null, rows: null, sqlState };
    const outcome = {
      ...answer,
      startedMs: request.sentMs,
      endedMs: serverAtMs,
      protocol: 'extended',
    } as const;
    if (request.kind === 'query') answers.push({ ...answer, endedMs: serverAtMs });
    if (request.kind === 'sync') batch.failCommit(sqlState);
    if (request.kind === 'execute') executed(request, answer);
    if (request.kind === 'parse') batch.add({ ...request, parameters: [] }, outcome);
    if (request.kind === 'bind') batch.add({ ...names.statement(request.statement), ...request }, outcome);
    if (!['query', 'function', 'sync'].includes(request.kind)) requests.skipToSync();
  };

  const ready = (body: Buffer) => {
    const request = requests.head();
    const state = transactionStateOf(body);
    if (request) batch.open(request.sentMs);
    if (request?.kind === 'query') queryEnded(request);
    if (state === 'idle') endPortals(names.closePortals());
    batch.endExchange(serverAtMs);
    if (request) answered();
    hasFailed = false;
    listener.onBatch(batch.take(state));
  };

  const completed = (request: Request, body: Buffer) => {
    const answer = { ...commandFields(body), sqlState: null };
    if (request.kind === 'query') answers.push({ ...answer, endedMs: serverAtMs });
    if (request.kind !== 'execute') return;
    executed(request, answer);
    answered();
  };

  const closed = ({ what, name }: Kind<'close'>) => {
    if (what === 'S') names.forget(name);
    else endPortals(names.closePortals([name]));
  };

  /** Answers to the request at the head of the queue; `Z` and what comes unasked are dealt with before. */
  const onAnswer = (type: string, body: Buffer, request: Request) => {
    batch.open(request.sentMs);
    const { kind } = request;
    if (type === 'D') rowsSeen++;
    else if (type === 'C') completed(request, body);
    else if (type === 'E') failed(request, sqlStateOf(body));
    else if (type === 'G') requests.takeCopyData();
    else if (type === 's' && kind === 'execute') suspended(request);
    else if (type === '1' && kind === 'parse') names.prepare(request.name, request);
    else if (type === '2' && kind === 'bind') bound(request);
    else if (type === '3' && kind === 'close') closed(request);
    if (endsRequest(type, kind)) answered();
  };

  const onServerMessage = (type: string, body: Buffer) => {
    const request = requests.head();
    if (type === 'Z') ready(body);
    else if (type === 'S') {
      const { name, value } = parameterStatusFields(body);
      if (name === 'client_encoding' && !ENCODINGS_READ.has(value))
        listener.onBlindSpot(`uses the encoding ${value}: letters beyond ASCII are not read rightly`);
    } else if (request && !UNASKED.has(type)) onAnswer(type, body, request);
  };

  const readServer = messageReader(SERVER_BODIES, onServerMessage);
  const readClient = messageReader(CLIENT_BODIES, (type, body) => {
    const request = requestOf(type, body, clientAtMs);
    if (request?.kind === 'function') listener.onBlindSpot('called a function by message, without SQL');
    if (request) requests.push(request);
  });

  const isUnderWay = () => requests.head() !== undefined || batch.isOpen();

  return {
    fromClient(chunk, atMs) {
      clientAtMs = atMs;
      readClient(chunk);
    },
    fromServer(chunk, atMs) {
      serverAtMs = atMs;
      readServer(chunk);
    },
    close(atMs) {
      const request = requests.head();
      if (isUnderWay() && !hasFailed)
        listener.onBlindSpot('ended in the middle of a statement, which is not in the transcript');
      serverAtMs = atMs;
      if (request) batch.open(request.sentMs);
      if (request?.kind === 'query') queryEnded(request);
      endPortals(names.closePortals());
      batch.endExchange(atMs);
      listener.onBatch(batch.take('idle'));
    },
    isUnderWay,
  };
}

/** NotificationResponse and NoticeResponse come whenever they like. */
const UNASKED = new Set(['A', 'N']);

/** Whether a message of the server is the last one for a request of that kind. CommandComplete is dealt with apart. */
function endsRequest(type: string, kind: Request['kind']): boolean {
  if (kind === 'parse') return type === '1';
  if (kind === 'bind') return type === '2';
  if (kind === 'close') return type === '3';
  if (kind === 'describe') return type === 'T' || type === 'n';
  return kind === 'execute' && (type === 's' || type === 'I');
}
