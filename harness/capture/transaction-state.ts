import type { TransactionState } from './transcript.ts';

/**
 * State of the transaction after a statement, as far as its text tells. The server tells it only at the end of a
 * batch; this is for the statements before the last one.
 */
export function transactionAfter(before: TransactionState, text: string, failed: boolean): TransactionState {
  if (failed) return before === 'idle' ? 'idle' : 'failed';
  const words = text.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '').slice(0, 80);
  if (/^(?:BEGIN|START\s+TRANSACTION)\b/i.test(words)) return 'open';
  if (/^ROLLBACK\b.*\bTO\b/is.test(words) || /\bAND\s+CHAIN\b/i.test(words)) return 'open';
  if (/^(?:COMMIT|END|ROLLBACK|ABORT|PREPARE\s+TRANSACTION)\b/i.test(words)) return 'idle';
  return before;
}
