/** What an index advice comes to, in a few lines. Pure. */
import type { AdviceRecord, AdviceUnit } from '../advice-record.ts';
import { formatChange, formatChangeInterval } from '../change.ts';
import { countOf, formatBytes, formatCount, formatShare } from '../quantity.ts';
import { MOST_HARM } from './judge-index.ts';

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

/** What got worse, in a few sentences: reads, which must not by much, and the upkeep that writes pay. */
export function harmSentence(record: AdviceRecord): string {
  return [readsSentence(record), upkeepSentence(record), slowerSentence(record)]
    .filter((sentence) => sentence !== null)
    .join(' ');
}

function readsSentence({ harmed, statements }: AdviceRecord): string {
  const grown = statements.filter(
    ({ writes, blocksBefore, blocksAfter }) => !writes && blocksAfter > blocksBefore * (1 + MOST_HARM),
  );
  const least = grown.length - harmed.length;
  const small =
    least === 0
      ? ''
      : ` By a block a row and a call at the most, for old versions of rows until VACUUM: ${countOf(least, 'statement')}.`;
  const limit = formatShare(MOST_HARM);
  return harmed.length === 0
    ? `No statement that only reads needs over ${limit} more blocks${least === 0 ? '.' : ' beyond old row versions.'}${small}`
    : `Statements that only read and need over ${limit} more blocks: ${formatCount(harmed.length)}.${small}`;
}

function upkeepSentence({ statements }: AdviceRecord): string | null {
  const dearer = statements.filter(
    ({ writes, blocksBefore, blocksAfter }) => writes && blocksAfter > blocksBefore,
  );
  if (dearer.length === 0) return null;
  const added = dearer.reduce((sum, one) => sum + one.blocksAfter - one.blocksBefore, 0);
  return `Upkeep: ${formatCount(added)} blocks more in ${countOf(dearer.length, 'writing statement')}.`;
}

function slowerSentence({ slower }: AdviceRecord): string | null {
  if (slower.length === 0) return null;
  return `Significantly over ${formatShare(MOST_HARM)} slower: ${countOf(slower.length, 'statement')}.`;
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
