import type { Values } from '../../config/rushhour-config.ts';
import { HarnessError, messageOf } from '../../errors.ts';
import type { Offer } from '../offer.ts';
import { type FilledRequest, fillRequest, valueAt } from '../placeholders.ts';
import { awaitCompletion, type Ending } from './completion.ts';
import type { DispatchContext } from './dispatch-context.ts';
import { alwaysTooMany } from './dispatch-failure.ts';
import { equalRows, type OfferRows } from './judge-dispatch.ts';
import type { Identity } from './logins.ts';
import { pause } from './pause.ts';
import { TOO_MANY_REQUESTS } from './rate-limit.ts';
import { excerpt, secretsOf } from './secrets.ts';
import { BackgroundStatements, watchForStillness } from './service-activity.ts';
import { type Exchange, LostAnswer } from './service-connection.ts';

/** A dispatch that was sent, and how it ended. Times are of `performance.now()`. */
export interface SentDispatch {
  readonly sentAt: number;
  /** Complete, refused, lost, or given up. */
  readonly endedAt: number;
  readonly deadlineAt: number;
  /** `POST /api/plans` */
  readonly request: string;
  /** "was answered 202: …" or "was not answered (socket hang up)", without secrets. */
  readonly answered: string;
  /** `null` without an answer. */
  readonly status: number | null;
  readonly ending: Ending | { readonly kind: 'error' };
  /** What two dispatches that are one have in common: the values extracted, or all of the answer. */
  readonly identity: string | null;
}

export interface DispatchRequest {
  readonly offer: Offer;
  readonly before: OfferRows;
  readonly readRows: () => Promise<OfferRows>;
  readonly timeoutMs: number;
}

/**
 * Sends the request of a dispatch and waits until it is complete. A refused login is repeated once, as is a request on a socket that the
 * service has closed at that moment; both are timed from the last one.
 *
 * @throws HarnessError DISPATCH_FAILED when it is never taken (429), BAD_CONFIG when its completion cannot be told
 */
export async function sendDispatch(
  context: DispatchContext,
  dispatch: DispatchRequest,
): Promise<SentDispatch> {
  const { dispatch: config } = context.loaded.config;
  const { offer, timeoutMs } = dispatch;
  const { answer: first, identity } = await askOnce(context, dispatch);
  const secrets = [...secretsOf(identity.account), ...Object.values(identity.headers)];
  const request = `${config.request.method ?? 'POST'} ${config.request.path}`;
  const common = {
    sentAt: first.sentAt,
    endedAt: first.endedAt,
    deadlineAt: first.sentAt + timeoutMs,
    request,
  };
  if (first instanceof LostAnswer) {
    const ending = first.timedOut
      ? ({ kind: 'never', said: first.message } as const)
      : ({ kind: 'error' } as const);
    return {
      ...common,
      answered: `was not answered (${first.message})`,
      status: null,
      ending,
      identity: null,
    };
  }
  const { status, text, headers } = first;
  const location = headers.location ? ` (to ${excerpt(headers.location, secrets)})` : '';
  const said = {
    ...common,
    answered: `was answered ${status}${location}: ${excerpt(text, secrets)}`,
    status,
  };
  if (status === TOO_MANY_REQUESTS) throw alwaysTooMany(offer, request);
  if (status >= 400) return { ...said, ending: { kind: 'error' }, identity: null };
  const extracted = extract(first, config.extract ?? {});
  const ending = await awaitCompletion({
    ...{ complete: config.complete, first, readRows: dispatch.readRows, signal: context.signal },
    values: { ...identity.account, ...offer.values, ...extracted },
    deadlineAt: common.deadlineAt,
    ask: async (poll, values) => (await askAs(context, offer, fillRequest(poll, values))).answer,
    holds: (values) => conditionHolds(context, values),
  });
  const endedAt = ending.kind === 'never' ? performance.now() : ending.at;
  const same = Object.keys(extracted).length > 0 ? JSON.stringify(extracted) : text.trim();
  return { ...said, endedAt, ending, identity: same === '' ? null : same };
}

interface Asked<Answer> {
  readonly answer: Answer;
  readonly identity: Identity;
}

async function askOnce(
  context: DispatchContext,
  dispatch: DispatchRequest,
): Promise<Asked<Exchange | LostAnswer>> {
  const identity = await context.desk.identityFor(dispatch.offer);
  const request = fillRequest(
    { method: 'POST', ...context.loaded.config.dispatch.request },
    { ...identity.account, ...dispatch.offer.values },
  );
  const ask = async (): Promise<Asked<Exchange | LostAnswer>> => {
    try {
      return await askAs(context, dispatch.offer, request, dispatch.timeoutMs);
    } catch (error) {
      if (error instanceof LostAnswer) return { answer: error, identity };
      throw error;
    }
  };
  const asked = await ask();
  const wasIdle = asked.answer instanceof LostAnswer && asked.answer.onIdleSocket;
  return wasIdle && (await isUntouched(context, dispatch)) ? ask() : asked;
}

/** Whether a request that was sent on an idle socket never reached the service: nothing runs, and nothing is written. */
async function isUntouched(
  context: DispatchContext,
  { before, readRows }: DispatchRequest,
): Promise<boolean> {
  const settleMs = context.loaded.config.dispatch.settleMs ?? 200;
  const stillness = await watchForStillness(context.activity, settleMs, new BackgroundStatements());
  await pause(settleMs, context.signal);
  return (await stillness.isStill()) && equalRows(before, await readRows());
}

/** Asks as the account of the offer; one whose login is refused logs in once more. @throws LostAnswer */
async function askAs(
  context: DispatchContext,
  offer: Offer,
  request: FilledRequest,
  timeoutMs = 1000 * (context.loaded.config.service.requestTimeoutSeconds ?? 30),
): Promise<Asked<Exchange>> {
  for (let isRenewed = false; ; isRenewed = true) {
    const identity = await context.desk.identityFor(offer);
    const answer = await context.service.send(request, {
      ...{ headers: identity.headers, timeoutMs, signal: context.signal },
      remedy: 'service.requestsPerSecond or dispatch.pauseMs',
    });
    if (answer.status !== 401 || isRenewed || !(await context.desk.renew(offer))) return { answer, identity };
  }
}

function extract({ text }: Exchange, paths: Readonly<Record<string, string>>): Values {
  if (Object.keys(paths).length === 0) return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new HarnessError('BAD_CONFIG', 'dispatch.extract: the dispatch was answered no JSON.', {
      hint: 'Leave dispatch.extract out, and complete by: sql or rows.',
    });
  }
  try {
    return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, valueAt(body, path)]));
  } catch (error) {
    throw new HarnessError('BAD_CONFIG', `dispatch.extract: ${messageOf(error)}`, {
      hint: 'Its paths are those of the answer to dispatch.request.',
    });
  }
}

async function conditionHolds({ session, condition }: DispatchContext, values: Values): Promise<boolean> {
  if (!condition) throw new HarnessError('INTERNAL', 'no condition to complete by');
  const rows = await session.ask(condition, values);
  const [row] = rows;
  const [held] = Object.values(row ?? {});
  if (rows.length === 1 && (typeof held === 'boolean' || held === null)) return held === true;
  throw new HarnessError(
    'BAD_CONFIG',
    `${condition.where} gave ${rows.length} rows${row ? ` with ${JSON.stringify(held)} first` : ''}: expected one row whose first column is true or false.`,
    { hint: "For example: SELECT status = 'done' FROM job WHERE id = :jobId." },
  );
}
