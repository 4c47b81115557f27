import type { CompletionConfig, Value, Values } from '../../config/rushhour-config.ts';
import { HarnessError, messageOf } from '../../errors.ts';
import { valueAt } from '../placeholders.ts';
import type { OfferRows } from './judge-dispatch.ts';
import { pause } from './pause.ts';
import { type Exchange, LostAnswer } from './service-connection.ts';

/** How a dispatch ended, as far as its service or its completion says. `at` is of `performance.now()`. */
export type Ending =
  | { readonly kind: 'complete'; readonly at: number }
  /** A state that means failure; the rows have the last word. */
  | { readonly kind: 'failed'; readonly at: number; readonly said: string }
  /** Time is over. */
  | { readonly kind: 'never'; readonly said: string };

export interface CompletionOptions {
  readonly complete: CompletionConfig;
  readonly first: Exchange;
  /** Of the offer, the account and the first answer. */
  readonly values: Values;
  /** Of `performance.now()`. */
  readonly deadlineAt: number;
  readonly signal: AbortSignal;
  readonly ask: (
    request: Extract<CompletionConfig, { readonly by: 'poll' }>['request'],
    values: Values,
  ) => Promise<Exchange>;
  /** Of the `sql` completion: whether the condition holds. */
  readonly holds: (values: Values) => Promise<boolean>;
  readonly readRows: () => Promise<OfferRows>;
}

/** How fine a wall time is in this way of completion, in ms; 0: to the answer itself. */
export function resolutionMs(complete: CompletionConfig): number {
  switch (complete.by) {
    case 'response':
      return 0;
    case 'poll':
      return complete.everyMs ?? 50;
    default:
      return complete.everyMs ?? 25;
  }
}

/** Waits until a dispatch whose request was answered is complete. @throws HarnessError BAD_CONFIG when it cannot be told */
export async function awaitCompletion(options: CompletionOptions): Promise<Ending> {
  const { complete } = options;
  switch (complete.by) {
    case 'response':
      return { kind: 'complete', at: options.first.endedAt };
    case 'rows':
      return repeat(options, async () => {
        const { open } = await options.readRows();
        return open === 0 ? completeNow() : `${open} bookings are still open`;
      });
    case 'sql':
      return repeat(options, async () => {
        const holds = await options.holds(options.values);
        return holds ? completeNow() : 'its condition in SQL is still false';
      });
    case 'poll':
      return repeat(options, () => poll(complete, options));
  }
}

function completeNow(): Ending {
  return { kind: 'complete', at: performance.now() };
}

async function poll(
  { request, state, done, failed = [] }: Extract<CompletionConfig, { readonly by: 'poll' }>,
  { ask, values }: CompletionOptions,
): Promise<Ending | string> {
  let answer: Exchange;
  try {
    answer = await ask(request, values);
  } catch (error) {
    if (error instanceof LostAnswer) return `${request.path} was not answered (${error.message})`;
    throw error;
  }
  // What was only just begun may not be found yet, and a service that is busy may refuse: the next poll will tell.
  if (answer.status >= 300) return `${request.path} is answered ${answer.status}`;
  const told = stateOf(answer, state);
  if (includes(done, told)) return { kind: 'complete', at: answer.endedAt };
  if (includes(failed, told))
    return { kind: 'failed', at: answer.endedAt, said: `its state became ${JSON.stringify(told)}` };
  return `its state is ${JSON.stringify(told)}`;
}

function stateOf({ text }: Exchange, path: string): Value {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new HarnessError(
      'BAD_CONFIG',
      'dispatch.complete.request was answered no JSON: expected a state in it.',
      {
        hint: 'Give the path of an answer in JSON, or complete by: sql or rows.',
      },
    );
  }
  try {
    return valueAt(body, path);
  } catch (error) {
    throw new HarnessError('BAD_CONFIG', `dispatch.complete.state: ${messageOf(error)}`, {
      hint: 'Set it to the path of the state in the answer.',
    });
  }
}

function includes(values: readonly Value[], value: Value): boolean {
  return values.some((one) => one === value);
}

/** Looks again and again. What a look says, if it is no ending, is told when time is over. */
async function repeat(
  { complete, deadlineAt, signal }: CompletionOptions,
  look: () => Promise<Ending | string>,
): Promise<Ending> {
  const everyMs = resolutionMs(complete);
  for (;;) {
    signal.throwIfAborted();
    const seen = await look();
    if (typeof seen !== 'string') return seen;
    if (performance.now() + everyMs > deadlineAt) return { kind: 'never', said: seen };
    await pause(everyMs, signal);
  }
}
