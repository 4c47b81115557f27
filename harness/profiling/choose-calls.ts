import type { CapturedStatement, Transcript } from '../capture/transcript.ts';

/** The captured call of a statement whose plan is to be looked at. */
export interface ChosenCall {
  /** Folded text. */
  readonly statement: string;
  /** Place in {@link Transcript.statements}. */
  readonly index: number;
  /** Which of its calls this is, from 1. */
  readonly number: number;
  readonly of: number;
}

/** Commands that EXPLAIN takes; `SELECT` is also the tag of CREATE TABLE AS. */
const PLANNED = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/**
 * Chooses a call of each wanted statement: among those that returned or wrote most rows the one in the middle. Times have
 * no say, so the same capture gives the same choice.
 *
 * @param identities folded texts of the statements of the transcript, in its order
 * @returns calls that have a plan, and for the other wanted statements why they have none
 */
export function chooseCalls(
  transcript: Transcript,
  identities: readonly string[],
  wanted: readonly string[],
): { chosen: ChosenCall[]; without: { statement: string; reason: string }[] } {
  const chosen: ChosenCall[] = [];
  const without: { statement: string; reason: string }[] = [];
  for (const statement of wanted) {
    const calls = transcript.statements
      .map((call, index) => ({ call, index }))
      .filter(({ index }) => identities[index] === statement);
    const reasons = calls.map(({ call }) => whyWithoutPlan(call, transcript.statements));
    const planned = calls.filter((_, at) => reasons[at] === null);
    if (planned.length === 0) {
      without.push({ statement, reason: reasons[0] ?? 'no call of it was captured' });
      continue;
    }
    const most = Math.max(...planned.map(({ call }) => call.rows ?? 0));
    const best = planned.filter(({ call }) => (call.rows ?? 0) === most);
    const { index } = best[Math.floor((best.length - 1) / 2)] as (typeof best)[number];
    const number = calls.findIndex((one) => one.index === index) + 1;
    chosen.push({ statement, index, number, of: calls.length });
  }
  return { chosen, without };
}

function whyWithoutPlan(call: CapturedStatement, all: readonly CapturedStatement[]): string | null {
  if (call.sqlState !== null) return `it failed when it was captured (SQLSTATE ${call.sqlState})`;
  if (call.command === null || !PLANNED.has(call.command)) {
    return call.command === null ? 'it was not answered' : `${call.command} has no plan`;
  }
  if (call.protocol === 'simple' && sharesItsMessage(call, all))
    return 'it was sent in one message with other statements, and EXPLAIN takes one';
  return null;
}

/** A simple message is captured statement by statement, but whole for each of them where they could not be told apart. */
function sharesItsMessage(call: CapturedStatement, all: readonly CapturedStatement[]): boolean {
  if (!/;\s*\S/.test(call.text)) return false;
  return all.some((one) => one !== call && one.exchange === call.exchange && one.text === call.text);
}
