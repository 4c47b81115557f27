import type { WeighedIndex } from '../../advice/weigh-existing.ts';
import { countOf, formatBytes, formatCount } from '../../quantity.ts';

/** Why an index earns its place or does not, in words with their numbers. */
export function indexVerdict({ judgement, verdict }: Pick<WeighedIndex, 'judgement' | 'verdict'>): string {
  const { blocksSaved, blocksAdded, failures } = judgement;
  if (verdict.servedBy !== null) return `${verdict.servedBy} serves as well`;
  const costs = costOf(judgement);
  if (verdict.word === 'unused') return costs === null ? 'never used' : `never used, costs ${costs}`;
  if (verdict.word === 'earns') return `saves ${countOf(blocksSaved, 'block')}, costs ${costs ?? 'nothing'}`;
  if (blocksSaved < blocksAdded)
    return `saves less than it costs: ${formatCount(blocksSaved)} against ${formatCount(blocksAdded)} blocks`;
  return `does not pay: ${failures.join('; ')}`;
}

/**
 * The header of a WAL record (`SizeOfXLogRecord`, src/include/access/xlogrecord.h of PostgreSQL 18). Less than that was not written for an
 * index: the size of records varies by a byte or two with the numbers in them.
 */
const SMALLEST_RECORD_BYTES = 24;

function costOf({ blocksAdded, walBytesAdded }: WeighedIndex['judgement']): string | null {
  const parts = [
    ...(blocksAdded > 0 ? [countOf(blocksAdded, 'block')] : []),
    ...(walBytesAdded >= SMALLEST_RECORD_BYTES ? [`${formatBytes(walBytesAdded)} of WAL`] : []),
  ];
  return parts.length === 0 ? null : parts.join(' and ');
}
