import type { CapturedStatement, Transcript } from '../../harness/capture/transcript.ts';

/** A statement that was executed well, outside of a transaction, in the first exchange. */
export function statementOf(text: string, overrides: Partial<CapturedStatement> = {}): CapturedStatement {
  return {
    ...{ session: 1, exchange: 0, text, protocol: 'extended', parameters: [], parameterTypes: [] },
    ...{ command: text.split(' ')[0]?.toUpperCase() ?? '', rows: 1, sqlState: null },
    ...{ transactionBefore: 'idle', transactionAfter: 'idle', startedMs: 0, endedMs: 1 },
    ...overrides,
  };
}

/** Each statement in an exchange of its own that lasts as long as it does, one after the other in one session, 1 ms each. */
export function inTurn(...statements: readonly CapturedStatement[]): Transcript {
  const placed = statements.map((statement, place) => ({
    ...statement,
    ...{ exchange: place, startedMs: 2 * place, endedMs: 2 * place + 1 },
  }));
  const exchanges = placed.map(({ session, startedMs, endedMs }) => ({ session, startedMs, endedMs }));
  return { statements: placed, exchanges, blindSpots: [] };
}
