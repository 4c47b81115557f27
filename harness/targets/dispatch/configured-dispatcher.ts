import type { LoadedConfig } from '../../config/loaded-config.ts';
import { HarnessError } from '../../errors.ts';
import { openReadOnlySession } from '../../postgres/read-only-session.ts';
import type { Offer } from '../offer.ts';
import { questionOf } from '../sql-text.ts';
import type { DispatchAnswer, Dispatcher, DispatcherOptions, ServicePlace } from '../target.ts';
import { openAsking } from './asking.ts';
import { resolutionMs } from './completion.ts';
import { DISPATCH_TIMES, type DispatchContext, type DispatchTimes } from './dispatch-context.ts';
import { dispatchFailure, nothingOffered } from './dispatch-failure.ts';
import { readFinalRows } from './final-rows.ts';
import { judgeDispatch } from './judge-dispatch.ts';
import { describeWait, watchForLocks } from './lock-watch.ts';
import { openLoginDesk } from './logins.ts';
import { rememberDispatches } from './memory.ts';
import { toldOnce } from './oddities.ts';
import { readOfferRows } from './offer-rows.ts';
import { type OwnDatabase, watchOwnDatabase } from './own-database.ts';
import { pause } from './pause.ts';
import { paceService } from './rate-limit.ts';
import { type SentDispatch, sendDispatch } from './send-dispatch.ts';
import { BackgroundStatements, watchForStillness, watchService } from './service-activity.ts';
import { connectService } from './service-connection.ts';
import { tellBackground, tellOfDispatch, tellOfEarlier, tellOfWait } from './tell-oddities.ts';

/** Dispatches through a service that is not ours: judged by its rows, whatever it answers. */
export interface ConfiguredDispatcher extends Dispatcher {
  /** How fine wall times are, in ms: as often as completion is asked for; 0 where the answer itself is it. */
  readonly resolutionMs: number;
  /** Texts of statements that go on while nothing is dispatched. */
  backgroundStatements(): readonly string[];
  /** Ends when its sessions have left the database too. */
  closed(): Promise<void>;
}

/**
 * Logs in whoever the offers need and opens a connection.
 *
 * @throws HarnessError DISPATCH_FAILED when a login is refused, BAD_CONFIG when the config does not fit, REFUSED when a service that was
 * started works in another database than its own, DATABASE_FAILED
 */
export async function openConfiguredDispatcher(
  loaded: LoadedConfig,
  place: ServicePlace,
  options: DispatcherOptions,
  times: DispatchTimes = DISPATCH_TIMES,
): Promise<ConfiguredDispatcher> {
  const { service: serviceConfig, dispatch, login } = loaded.config;
  const oddities = toldOnce(options.onOddity);
  const connection = connectService(place.service.baseUrl);
  const service = paceService(connection, serviceConfig.requestsPerSecond, oddities);
  const opened: { close(): Promise<void> }[] = [];
  const closed = async () => {
    connection.close();
    await Promise.all(opened.map((one) => one.close()));
  };
  try {
    const session = await openReadOnlySession(place.server, place.database.name);
    opened.push(session);
    const activity = await watchService(place);
    opened.push(activity);
    const desk = openLoginDesk({
      ...{ login, service, oddities, logins: options.logins, signal: options.signal },
      baseUrl: place.service.baseUrl,
      timeoutMs: 1000 * (serviceConfig.requestTimeoutSeconds ?? 30),
      queryAccounts: ({ sql }) => session.ask(questionOf(loaded, 'login.accounts', sql), {}),
    });
    const ownDatabase = watchOwnDatabase(place, activity);
    const logIn = async () => {
      for (const offer of options.offers) await desk.identityFor(offer);
    };
    await ownDatabase.requireSeen(logIn, () => readingRequests(loaded, place, options));
    const context: DispatchContext = {
      ...{ loaded, service, desk, session, activity, oddities, times, signal: options.signal },
      rows: questionOf(loaded, 'dispatch.rows', dispatch.rows),
      condition:
        dispatch.complete.by === 'sql'
          ? questionOf(loaded, 'dispatch.complete.sql', dispatch.complete.sql)
          : null,
      memory: rememberDispatches(),
      background: new BackgroundStatements(),
    };
    return {
      resolutionMs: resolutionMs(dispatch.complete),
      dispatch: (offer) => dispatchAtHome(context, offer, ownDatabase),
      backgroundStatements: () => context.background.texts(),
      close: () => void closed(),
      closed,
    };
  } catch (error) {
    await closed();
    throw error;
  }
}

/**
 * A worker may connect only when it gets work: the first dispatch is given up as soon as one is seen elsewhere. What is done there is told
 * before what is not done here.
 */
async function dispatchAtHome(
  context: DispatchContext,
  offer: Offer,
  ownDatabase: OwnDatabase,
): Promise<DispatchAnswer> {
  if (context.memory.all().length > 0) return dispatchOffer(context, offer);
  const elsewhere = new AbortController();
  const look = () =>
    ownDatabase.requireNowhereElse().catch((reason: unknown) => {
      if (reason instanceof HarnessError) elsewhere.abort(reason); // a server that is gone is told by what it breaks
    });
  const timer = setInterval(look, context.times.locks.everyMs);
  try {
    const signal = AbortSignal.any([context.signal, elsewhere.signal]);
    const answer = await dispatchOffer({ ...context, signal }, offer);
    await ownDatabase.requireNowhereElse();
    return answer;
  } catch (error) {
    await look();
    throw elsewhere.signal.aborted ? elsewhere.signal.reason : error;
  } finally {
    clearInterval(timer);
  }
}

/** What a config asks of its service that only reads, about the first offer. A service may connect no sooner, or have closed an idle session. */
function readingRequests(
  loaded: LoadedConfig,
  place: ServicePlace,
  { offers: [offer], logins, signal, onOddity }: DispatcherOptions,
): (() => Promise<unknown>)[] {
  if (!offer) return [];
  const { outcome, endpoints = {}, service } = loaded.config;
  const requests = [...(outcome.answers ?? []), ...Object.values(endpoints)].filter(
    ({ method, body, form }) => method === 'GET' || (method ?? body ?? form) === undefined,
  );
  return [...(service.warmUp ?? []), { path: service.health }, ...requests].map((request) => async () => {
    const asking = openAsking(loaded, place, { logins, signal, onOddity });
    return asking.ask(request, { offer, hint: '' }).finally(() => asking.close());
  });
}

/** Rows before, request, completion, rows after, judgement. Only request and completion are timed. */
async function dispatchOffer(context: DispatchContext, offer: Offer): Promise<DispatchAnswer> {
  const { memory, signal, times, activity } = context;
  const { pauseMs = 0, settleMs = 200, timeoutSeconds = 300 } = context.loaded.config.dispatch;
  const restMs = memory.lastEndedAt() + pauseMs - performance.now();
  if (restMs > 0) await pause(restMs, signal);
  const readRows = () => readOfferRows(context.session, context.rows, offer);
  const before = await readRows();
  if (before.open === 0) throw nothingOffered(offer, before);

  const watch = watchForLocks(activity, times.locks);
  let sent: SentDispatch;
  try {
    sent = await sendDispatch(context, { offer, before, readRows, timeoutMs: 1000 * timeoutSeconds });
  } finally {
    await watch.stop();
  }
  const tookMs = sent.endedAt - sent.sentAt;
  const wait = describeWait(await watch.stop(), tookMs, memory.isMuchLonger(tookMs));
  if (wait) tellOfWait(context, offer, wait);

  const stillness = await watchForStillness(activity, settleMs, context.background);
  const final = await readFinalRows({
    ...{ readRows, stillness, signal, boundMs: times.settleBoundMs, everyMs: times.settleLookMs },
    deadlineAt: sent.deadlineAt,
  });
  if (!final.settled) tellBackground(context, stillness.moving());
  memory.ended();

  const judgement = judgeDispatch(before, final.rows, sent.ending.kind === 'complete');
  if (judgement.kind !== 'done' || sent.ending.kind === 'never') {
    const sameAnswerAs = memory.sameAnswer(sent.identity);
    throw dispatchFailure(
      { ...sent, offer, before, after: final.rows, wait, timeoutSeconds, sameAnswerAs },
      judgement,
    );
  }
  const wallMs = (final.changedAt ?? sent.endedAt) - sent.sentAt;
  memory.add({ offer, identity: sent.identity, wallMs, rows: final.rows });
  await tellOfDispatch(context, {
    offer,
    sent,
    wroteLater: final.changedAt !== null,
    leftOpen: judgement.leftOpen,
  });
  await tellOfEarlier(context, offer);
  const { offered, assigned, unassigned } = judgement;
  return { wallMs, offered, assigned, unassigned, phases: null };
}
