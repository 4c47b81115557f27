import type { Batch } from './batch.ts';
import type { CapturedStatement, Exchange, Transcript } from './transcript.ts';

/** Puts the batches of all sessions together. */
export function transcriptCollector() {
  let statements: CapturedStatement[] = [];
  let exchanges: Exchange[] = [];
  let blindSpots = new Set<string>();

  return {
    add(batch: Batch): void {
      const first = exchanges.length;
      for (const statement of batch.statements)
        statements.push({ ...statement, exchange: first + statement.exchange });
      exchanges.push(...batch.exchanges);
    },
    addBlindSpot: (sentence: string) => blindSpots.add(sentence),
    /** All since the last take. The sort is stable, so statements of one message keep their order. */
    take(): Transcript {
      const inOrder = statements.sort((one, other) => one.startedMs - other.startedMs);
      const transcript = { statements: inOrder, exchanges, blindSpots: [...blindSpots] };
      statements = [];
      exchanges = [];
      blindSpots = new Set();
      return transcript;
    },
  };
}
