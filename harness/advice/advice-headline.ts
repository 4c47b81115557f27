/** What an index advice comes to, in a few lines. Pure. */
import type { AdviceRecord, AdviceUnit } from '../advice-record.ts';
import { formatChange, formatChangeInterval } from '../change.ts';
import { countOf, formatBytes, formatCount } from '../quantity.ts';

const BLOCKS = { unit: 'blocks', higherIsBetter: false };
const TIME = { unit: 'ms', higherIsBetter: false };

/** The first line: what the advised indexes do to the main unit. */
export function adviceHeadline({ advised, units }: AdviceRecord): string {
  const [main] = units;
  if (!main) return 'Nothing was captured, so there is nothing to advise.';
  if (advised.length === 0)
    return `No index pays: a ${main.unit} needs ${formatCount(main.blocksBefore)} blocks, and none of the candidates lowers that at a price worth it.`;
  const change = formatChange(main.blocksAfter / main.blocksBefore, BLOCKS);
  return `${countOf(advised.length, 'index', 'indexes')}: a ${main.unit} needs ${formatCount(main.blocksAfter)} blocks instead of ${formatCount(main.blocksBefore)} (${change})${timePart(main)}.`;
}

/** Only with an interval: a ratio of a few pairs alone says nothing. */
function timePart({ time }: AdviceUnit): string {
  if (time === null || time.low === null || time.high === null) return '';
  return `; its statements ${formatChange(time.ratio, TIME)} (${countOf(time.pairs, 'pair')}, 95 % interval ${formatChangeInterval(time.low, time.high, TIME)})`;
}

/** How the advised indexes compare with those of the migration; null without one. */
export function referenceSentence({ advised, units, reference }: AdviceRecord): string | null {
  const [main] = units;
  if (!reference || !main || main.blocksReference === null) return null;
  const bytes = advised.reduce((sum, one) => sum + one.bytes, 0);
  return (
    `The ${countOf(reference.indexes.length, 'index', 'indexes')} of the migration: ${formatCount(main.blocksReference)} blocks a ${main.unit}, ` +
    `${formatBytes(main.walBytesReference ?? 0)} of WAL, ${formatBytes(reference.bytes)} on disk. ` +
    `The advised ${formatCount(advised.length)}: ${formatCount(main.blocksAfter)} blocks, ${formatBytes(main.walBytesAfter)} of WAL, ${formatBytes(bytes)} on disk.`
  );
}

/** What got worse: reading statements that must not, in one sentence. */
export function harmSentence({ harmed, statements }: AdviceRecord): string {
  const writes = statements.filter(
    ({ writes: isWrite, blocksBefore, blocksAfter }) => isWrite && blocksAfter > blocksBefore,
  );
  const reads =
    harmed.length === 0
      ? 'No statement that only reads needs over 10 % more blocks.'
      : `${countOf(harmed.length, 'statement')} that only read need over 10 % more blocks.`;
  if (writes.length === 0) return reads;
  const added = writes.reduce((sum, one) => sum + one.blocksAfter - one.blocksBefore, 0);
  return `${reads} Upkeep: ${countOf(writes.length, 'writing statement')} need ${formatCount(added)} blocks more together.`;
}

/** For the terminal. */
export function adviceLines(record: AdviceRecord): string[] {
  const reference = referenceSentence(record);
  const redundant = record.existing.filter(({ verdict }) => verdict !== 'required' && verdict !== 'earns');
  return [
    adviceHeadline(record),
    ...record.advised.map(
      ({ description, blocksSaved, blocksAdded }) =>
        `  ${description}: ${formatCount(blocksSaved)} blocks saved, ${formatCount(blocksAdded)} added`,
    ),
    ...(reference === null ? [] : [reference]),
    harmSentence(record),
    `${countOf(record.refused.length, 'candidate')} refused after a replay, ${formatCount(record.screened.unused.length)} that no plan would use.`,
    ...redundant.map(({ name, verdict, servedBy }) =>
      servedBy === null ? `  ${name}: ${verdict}` : `  ${name}: ${verdict} of ${servedBy}`,
    ),
    ...record.warnings.map((warning) => `  ! ${warning}`),
  ];
}
