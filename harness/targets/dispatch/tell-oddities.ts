/** What is odd about a service though its dispatch has succeeded: a sentence each, with the remedy. */
import { nameStatement, normaliseStatement } from '../../experiment/statement-text.ts';
import type { StatementCounters } from '../../postgres/statement-stats.ts';
import type { Offer } from '../offer.ts';
import type { DispatchContext } from './dispatch-context.ts';
import { slowFirstCall } from './judge-dispatch.ts';
import { naiveTimestamps, readOfferRows } from './offer-rows.ts';
import type { SentDispatch } from './send-dispatch.ts';

export function tellOfWait({ oddities }: DispatchContext, offer: Offer, wait: string): void {
  oddities.tell(
    'lock',
    `The dispatch of offer ${offer.key} ${wait}. That is part of its time; to keep dispatches from waiting for each other, set dispatch.pauseMs longer than the lock is held.`,
  );
}

/** Names statements that do not stop, and leaves them out from here on. */
export function tellBackground(
  { background, oddities }: DispatchContext,
  moving: readonly StatementCounters[],
): void {
  const added = background.add(moving);
  if (added.length === 0) return;
  const names = added.map(({ text }) => nameStatement(normaliseStatement(text))).join('; ');
  oddities.tell(
    `background ${names}`,
    `Statements go on after a dispatch: ${names}. A scheduler or a worker that asks for jobs: they are left out of what waits for quiet, and counted apart.`,
  );
}

export interface DoneDispatch {
  readonly offer: Offer;
  readonly sent: SentDispatch;
  /** Rows changed after the dispatch was said to be complete. */
  readonly wroteLater: boolean;
  readonly leftOpen: number;
}

export async function tellOfDispatch(context: DispatchContext, done: DoneDispatch): Promise<void> {
  const { oddities, memory, loaded } = context;
  const { offer, sent } = done;
  const by = loaded.config.dispatch.complete.by;
  if (sent.ending.kind === 'error' || sent.ending.kind === 'failed') {
    const what = sent.ending.kind === 'failed' ? sent.ending.said : `${sent.request} ${sent.answered}`;
    oddities.tell(
      'error after commit',
      `The dispatch of offer ${offer.key} did all of its work, as its rows show, though ${what}. It counts as done: the rows decide, and the log of the service says what failed.`,
    );
  } else if (done.wroteLater) {
    oddities.tell(
      'wrote later',
      `The dispatch of offer ${offer.key} was said to be complete (by: ${by}) before its rows were written: its time is until they were, seen every ${context.times.settleLookMs} ms. Set dispatch.complete to by: rows.`,
    );
  }
  if (done.leftOpen > 0) await tellLeftOpen(context, done);
  const slow = slowFirstCall(
    memory.all().map(({ wallMs }) => wallMs),
    context.times.firstCallMs,
  );
  if (slow) {
    const first = memory.all()[0]?.wallMs ?? 0;
    oddities.tell(
      'first call',
      `The first dispatch of this service took ${Math.round(first)} ms, the next ones ${Math.round(slow.medianMs)} ms: a first call builds something. Have it done by service.warmUp.`,
    );
  }
}

async function tellLeftOpen(
  { oddities, session, loaded }: DispatchContext,
  { offer, leftOpen }: DoneDispatch,
): Promise<void> {
  const naive = await naiveTimestamps(session);
  const zone = loaded.config.service.timeZone ?? 'UTC';
  const hint =
    naive.length > 0
      ? ` ${naive.slice(0, 3).join(', ')} ${naive.length > 1 ? 'have' : 'has'} no time zone: if the service means another zone than ${zone}, its days begin at another hour. Set service.timeZone.`
      : ' Does dispatch.rows look at the same bookings as the service?';
  oddities.tell(
    'left open',
    `The dispatch of offer ${offer.key} is complete and leaves ${leftOpen} bookings open, which are counted as unassigned.${hint}`,
  );
}

/** Earlier offers are asked about after this many dispatches at most: it is looked for, not measured. */
const LOOKS_BACK = 8;

/** Tells of a dispatch that undoes an earlier one. */
export async function tellOfEarlier(
  { memory, session, rows, oddities }: DispatchContext,
  offer: Offer,
): Promise<void> {
  const dispatches = memory.all();
  if (dispatches.length > LOOKS_BACK) return;
  for (const earlier of dispatches.slice(0, -1)) {
    const now = await readOfferRows(session, rows, earlier.offer);
    if (now.assigned >= earlier.rows.assigned) continue;
    oddities.tell(
      'replaced',
      `The dispatch of offer ${offer.key} took back what that of offer ${earlier.offer.key} had assigned (${earlier.rows.assigned} → ${now.assigned}): a run replaces an earlier one. Give offers that do not overlap in what a run replaces.`,
    );
    return;
  }
}
