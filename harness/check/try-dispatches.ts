/** Logs in and dispatches the first offers, one after the other: what is odd about the second shows what outlives the first. */
import { setTimeout as delay } from 'node:timers/promises';
import type { LoginConfig } from '../config/rushhour-config.ts';
import { countOf, formatDuration } from '../quantity.ts';
import type { Release } from '../resources.ts';
import {
  type ConfiguredDispatcher,
  openConfiguredDispatcher,
} from '../targets/dispatch/configured-dispatcher.ts';
import { observeService } from '../targets/dispatch/observe-service.ts';
import type { Offer } from '../targets/offer.ts';
import type { DispatchAnswer, Logins } from '../targets/target.ts';
import type { CheckContext } from './check-context.ts';
import { CountedLogins } from './counted-logins.ts';
import { type Found, given, type Tried } from './parts.ts';
import { type SeenSessions, watchSessions } from './sessions.ts';
import type { RunningPlace } from './try-variant.ts';

export interface Dispatched {
  readonly login: Tried<ConfiguredDispatcher>;
  readonly logins: Logins;
  /** The first dispatch. */
  readonly first: Tried<DispatchAnswer>;
  /** Those that were dispatched well, in order. */
  readonly offers: readonly Offer[];
  /** Whether the service, or a worker of it, has ended meanwhile, and a line says so. */
  hasEnded(): boolean;
  /** Dispatches once more where that tells something. What the others wrote has to be read before. */
  observe(): Promise<void>;
  /** Leaves the service: one that is told to stop may wait for its connections. */
  leave(): Promise<void>;
}

/** A dispatch shorter than this says nothing of the requests beside it. */
const LEAST_TELLING_MS = 300;

/** @param onRelease is given how to leave the service, since the trial may break off at any moment */
export async function tryDispatches(
  context: CheckContext,
  place: RunningPlace,
  onRelease: (release: Release) => void,
): Promise<Dispatched> {
  const trial = new DispatchTrial(context, place);
  const login = await trial.logIn();
  const left = { promise: null as Promise<void> | null };
  const leave = () => {
    left.promise ??= login.works ? given(login).closed() : Promise.resolve();
    return left.promise;
  };
  onRelease(leave);
  const first = await trial.dispatchFirst(login);
  await trial.dispatchSecond(login, first);
  await trial.tryReuse(login, first);
  return {
    login,
    logins: trial.logins,
    first,
    offers: trial.done,
    hasEnded: () => trial.ended,
    observe: () => trial.observe(first),
    leave,
  };
}

class DispatchTrial {
  readonly logins = new CountedLogins();
  readonly done: Offer[] = [];
  ended = false;
  private readonly context: CheckContext;
  private readonly place: RunningPlace;
  private readonly told: string[] = [];

  constructor(context: CheckContext, place: RunningPlace) {
    this.context = context;
    this.place = place;
  }

  logIn(): Promise<Tried<ConfiguredDispatcher>> {
    const { parts, loaded } = this.context;
    const { up, part, ground } = this.place;
    const needs = [up, ground.offers, ground.accounts];
    return parts.try(part('login', 'login', 'Correct `login`.'), needs, async () => {
      const offer = this.offers()[0] ?? given(ground.offers)[0];
      const dispatcher = await openConfiguredDispatcher(loaded, given(up), {
        ...this.options(),
        offers: offer ? [offer] : [],
      });
      return { value: dispatcher, ...this.takeTold(loginText(loaded.config.login, [...this.logins.keys()])) };
    });
  }

  async dispatchFirst(login: Tried<ConfiguredDispatcher>): Promise<Tried<DispatchAnswer>> {
    const { parts, quick } = this.context;
    const { up, part, ground } = this.place;
    const dispatch = part(
      'dispatch',
      'first dispatch',
      'Correct `dispatch`; the log of the service says more.',
    );
    if (quick) return parts.leaveOut(dispatch, '--quick leaves dispatches out');
    const state = { seen: null as SeenSessions | null };
    const first = await parts.try(dispatch, [login, ground.placeholders, ground.rows], async () => {
      const { answer, seen } = await watchSessions(given(up), () =>
        this.dispatch(given(login), this.offers()[0] as Offer),
      );
      state.seen = seen;
      return this.foundDispatch(this.offers()[0] as Offer, answer);
    });
    await parts.try(
      part('sessions', 'sessions', 'Let it connect with the address it is given.'),
      [first],
      async () => sessionsFound(state.seen as SeenSessions, given(up).server.serviceRole, this.context),
    );
    return first;
  }

  async dispatchSecond(login: Tried<ConfiguredDispatcher>, first: Tried<DispatchAnswer>): Promise<void> {
    const { parts, quick } = this.context;
    const second = this.place.part(
      'second-dispatch',
      'second dispatch',
      'Correct `dispatch`, or give offers that do not touch each other.',
    );
    if (quick) return;
    const offer = first.works ? this.offers()[1] : undefined;
    if (first.works && !offer) return void parts.leaveOut(second, 'there is one offer');
    await parts.try(second, [first], async () =>
      this.foundDispatch(offer as Offer, await this.dispatch(given(login), offer as Offer)),
    );
  }

  /** What a login gave is used for all requests of its account, unless it is refused. */
  async tryReuse(login: Tried<ConfiguredDispatcher>, first: Tried<DispatchAnswer>): Promise<void> {
    const config = this.context.loaded.config.login;
    if (!config || config.kind === 'header' || !login.works || !first.works) return;
    const reuse = this.place.part('login-reuse', 'login, again', 'Correct `login`.');
    await this.context.parts.try(reuse, [login], async () => {
      const { again } = this.logins;
      if (again.length === 0)
        return { value: null, detail: `${countOf(this.logins.size, 'login')} served every request` };
      return {
        value: null,
        status: 'warning',
        detail: `what the login of ${again.join(', ')} gave was refused at a later request, and it logged in anew`,
        remedy:
          'Let what a login gives live longer than a measurement: else logins are a part of what is measured.',
      };
    });
  }

  /** Whether other requests wait for a dispatch: of a dispatch that is long enough to tell. */
  async observe(first: Tried<DispatchAnswer>): Promise<void> {
    const { loaded, signal } = this.context;
    const offer = this.offers()[2];
    if (!first.works || given(first).wallMs < LEAST_TELLING_MS || !offer || this.done.length < 2) return;
    const beside = this.place.part(
      'beside',
      'requests beside a dispatch',
      'Start it with more workers, as in production.',
    );
    await this.context.parts.try(beside, [first], async () => {
      await delay(loaded.config.dispatch.pauseMs ?? 0, undefined, { signal });
      const { oneWorker, dispatch } = await this.orItsEnd(() =>
        observeService(loaded, given(this.place.up), offer, this.options()),
      );
      this.done.push(offer);
      const how =
        oneWorker === null
          ? 'it was too short to tell'
          : oneWorker
            ? 'they wait for it'
            : 'they are answered';
      return {
        value: null,
        ...this.takeTold(`during one of ${formatDuration(dispatch.wallMs)} ${how}`),
      };
    });
  }

  private offers(): readonly Offer[] {
    const { rows } = this.place.ground;
    return rows.works ? given(rows) : [];
  }

  private options() {
    return {
      logins: this.logins,
      signal: this.context.signal,
      onOddity: (sentence: string) => void this.told.push(sentence),
    };
  }

  private async dispatch(dispatcher: ConfiguredDispatcher, offer: Offer): Promise<DispatchAnswer> {
    this.context.onProgress(`${this.place.name}: dispatching ${offer.key}`);
    const answer = await this.orItsEnd(() => dispatcher.dispatch(offer));
    this.done.push(offer);
    return answer;
  }

  /** A service that has ended is the reason, not the request that failed for it. */
  private async orItsEnd<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work();
    } catch (error) {
      const failure = given(this.place.up).service.failure?.() ?? null;
      if (!failure) throw error;
      this.ended = true;
      throw failure;
    }
  }

  private foundDispatch(offer: Offer, answer: DispatchAnswer): Found<DispatchAnswer> {
    const { offered, assigned, unassigned, wallMs } = answer;
    const left = unassigned > 0 ? `, ${unassigned} unassigned` : '';
    const text = `${offer.key}: ${offered} offered, ${assigned} assigned${left}, in ${formatDuration(wallMs)}`;
    return { value: answer, ...this.takeTold(text) };
  }

  private takeTold(detail: string): Pick<Found<unknown>, 'detail' | 'notes'> {
    return { detail, notes: this.told.splice(0) };
  }
}

function loginText(login: LoginConfig | undefined, accounts: readonly string[]): string {
  if (login === undefined) return 'the config has none';
  if (login.kind === 'header') return `none: each request carries ${Object.keys(login.headers).join(', ')}`;
  const who = accounts.join(', ');
  if (login.kind === 'token') return `${who}: a token, sent as ${login.header ?? 'authorization'}`;
  return login.kind === 'cookie' ? `${who}: a cookie` : `${who}: the headers that login.logIn gives`;
}

function sessionsFound(
  { names, roles, statements, transactionControl, missing }: SeenSessions,
  ownRole: string,
  { server }: CheckContext,
): Found<null> {
  const who = names.length === 0 ? 'none stays open' : names.join('; ');
  const apart = server.embedded
    ? `apart from the harness's by the role ${ownRole}`
    : "apart from the harness's by a comment in those";
  const counted =
    statements === null
      ? 'its statements are not counted'
      : `${countOf(statements, 'statement')} and ${transactionControl} of transaction control counted, ${apart}`;
  const foreign = server.embedded ? roles.filter((role) => role !== ownRole) : [];
  const notes = [
    ...(statements === null ? [] : missing),
    ...(foreign.length > 0
      ? [
          `It connects as ${foreign.join(', ')}, not as ${ownRole}, whose address it is given: it takes another one from somewhere.`,
        ]
      : []),
  ];
  return { value: null, detail: `${who}; ${counted}`, notes };
}
