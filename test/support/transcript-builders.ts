import type { CapturedStatement, Transcript } from '../../harness/capture/transcript.ts';

/** A statement as a service of one session sends it; what matters to a test is named there. */
export type SaidStatement = Pick<CapturedStatement, 'text'> & Partial<CapturedStatement>;

/** A transcript of these statements, each its own exchange, one after another, a millisecond each. */
export function transcriptOf(said: readonly SaidStatement[]): Transcript {
  const statements = said.map(
    (one, index): CapturedStatement => ({
      session: 1,
      exchange: index,
      protocol: 'extended',
      parameters: [],
      parameterTypes: [],
      command: (/^\s*(\w+)/.exec(one.text)?.[1] ?? '').toUpperCase(),
      rows: null,
      sqlState: null,
      transactionBefore: 'idle',
      transactionAfter: 'idle',
      startedMs: index,
      endedMs: index + 1,
      ...one,
    }),
  );
  const exchanges = statements.map(({ session, startedMs, endedMs }) => ({ session, startedMs, endedMs }));
  return { statements, exchanges, blindSpots: [] };
}
