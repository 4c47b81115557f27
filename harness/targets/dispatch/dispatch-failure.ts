/** Why a dispatch is no success, in a sentence, with what to do. */
import { HarnessError } from '../../errors.ts';
import type { Offer } from '../offer.ts';
import type { Ending } from './completion.ts';
import { describeRows, type Judgement, type OfferRows } from './judge-dispatch.ts';

/** A dispatch whose request was sent, with all that is known of it. */
export interface Attempt {
  readonly offer: Offer;
  /** `POST /api/plans` */
  readonly request: string;
  /** "was answered 202: …" or "was not answered (socket hang up)". */
  readonly answered: string;
  readonly status: number | null;
  readonly ending: Ending | { readonly kind: 'error' };
  readonly before: OfferRows;
  readonly after: OfferRows;
  readonly timeoutSeconds: number;
  /** Key of an earlier offer whose dispatch gave the very same answer. */
  readonly sameAnswerAs: string | null;
  /** "waited for a lock …", where that was seen. */
  readonly wait: string | null;
}

/** A judgement that is no success, or an ending that never came. */
export function dispatchFailure(attempt: Attempt, judgement: Judgement): HarnessError {
  const { offer, request, answered, before, after, wait } = attempt;
  const [why, hint] = reason(attempt, judgement);
  return new HarnessError(
    'DISPATCH_FAILED',
    `The dispatch of offer ${offer.key} ${why}: ${request} ${answered}; its rows: ${describeRows(before, after)}${wait ? `; it ${wait}` : ''}.`,
    { hint },
  );
}

function reason(attempt: Attempt, judgement: Judgement): readonly [why: string, hint: string] {
  const { ending, sameAnswerAs, status, timeoutSeconds } = attempt;
  if (judgement.kind === 'nothing-offered') return NOTHING_OFFERED;
  if (judgement.kind === 'inconsistent')
    return [
      `left rows that do not add up (${judgement.reason})`,
      'Every booking offered must be open, assigned or unassigned afterwards: check `dispatch.rows`, and whether others work in this database.',
    ];
  if (ending.kind === 'never' && judgement.kind === 'done')
    return [
      `wrote all of its rows, and was never told to be complete: after ${timeoutSeconds} s ${ending.said}`,
      'Correct `dispatch.complete`: what it waits for is not what the service says.',
    ];
  if (ending.kind === 'never')
    return [
      `was not complete within ${timeoutSeconds} s (${ending.said})`,
      'Is its worker running? Workers are started by `workers` of the variant, and told to let go of an old database by `hooks`. For more time set `dispatch.timeoutSeconds`.',
    ];
  if (ending.kind === 'error' || ending.kind === 'failed')
    return [
      ending.kind === 'failed' ? `failed (${ending.said})` : 'failed',
      status === 401 || status === 403
        ? 'The account may not dispatch this offer: check `login` and `login.accountOf`.'
        : 'The log of the service says why.',
    ];
  if (sameAnswerAs !== null)
    return [
      `wrote nothing, and was answered just as that of offer ${sameAnswerAs}: the service merges or debounces dispatches that it takes for equal`,
      'Set `dispatch.pauseMs` longer than it merges them, or give offers that differ in what the request says.',
    ];
  return nothingWritten(status);
}

const NOTHING_OFFERED = [
  'has nothing to do',
  'Each offer is dispatched once and must have open bookings before: check `dispatch.offers` and `dispatch.rows`.',
] as const;

function nothingWritten(status: number | null): readonly [string, string] {
  const later =
    status === 202
      ? 'If a worker does it later, set `dispatch.complete` to by: rows, sql or poll, and start it by `workers`. '
      : '';
  return [
    'is said to be complete and has written nothing',
    `${later}If the service remembers outside of its database (a cache, a queue, a lock) that this was done before, forget it by \`hooks.afterReset\`. Or \`dispatch.rows\` looks at other rows.`,
  ];
}

/** Before anything is sent. */
export function nothingOffered(offer: Offer, rows: OfferRows): HarnessError {
  const [why, hint] = NOTHING_OFFERED;
  return new HarnessError(
    'DISPATCH_FAILED',
    `The dispatch of offer ${offer.key} ${why}: its rows: ${describeRows(rows, rows)}.`,
    {
      hint,
    },
  );
}

/** It was asked to wait for longer than one would. */
export function alwaysTooMany(offer: Offer, request: string): HarnessError {
  return new HarnessError(
    'DISPATCH_FAILED',
    `The dispatch of offer ${offer.key} was not taken: ${request} is answered 429 (too many requests) again and again.`,
    { hint: 'Set `dispatch.pauseMs` or `service.requestsPerSecond` to what the service allows.' },
  );
}
