/** The advised indexes as two SQL files. */
import { formatBytes, formatCount, formatDuration } from '../quantity.ts';
import type { JudgedChoice } from './choose-indexes.ts';
import { createIndexSql, describeIndex, dropIndexSql, type IndexDefinition } from './index-definition.ts';

export interface Migration {
  readonly up: string;
  readonly down: string;
}

const OUTSIDE_TRANSACTION = `-- CONCURRENTLY keeps the table writable meanwhile and cannot run inside a transaction:
-- psql -v ON_ERROR_STOP=1 -f FILE, without --single-transaction.`;

const INVALID = `-- An attempt that broke off leaves an index that is not valid and that IF NOT EXISTS takes for there. This lists them;
-- drop one and run this file again:
--   SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;`;

/** Both may be run again: what is there is not made twice, what is gone is not dropped twice. */
export function writeMigration(advised: readonly JudgedChoice<IndexDefinition>[], title: string): Migration {
  if (advised.length === 0) {
    const nothing = `-- ${oneLine(title)}: no index pays.\n`;
    return { up: nothing, down: nothing };
  }
  const create = advised.map(
    (choice) => `${evidence(choice)}\n${createIndexSql(choice.index, 'CONCURRENTLY IF NOT EXISTS')};`,
  );
  const drop = advised.toReversed().map(({ index }) => `${dropIndexSql(index, 'CONCURRENTLY IF EXISTS')};`);
  return {
    up: `${[`-- ${oneLine(title)}.`, OUTSIDE_TRANSACTION, INVALID, '', create.join('\n\n')].join('\n')}\n`,
    down: `${[`-- Takes back the indexes of the up file. ${oneLine(title)}.`, OUTSIDE_TRANSACTION, '', drop.join('\n')].join('\n')}\n`,
  };
}

/** What was counted with it against without it, all other advised indexes in place. */
function evidence({ index, judgement }: JudgedChoice<IndexDefinition>): string {
  const { blocksSaved, blocksAdded, walBytesAdded, scans, bytes, buildMs, units } = judgement;
  const built = buildMs === null ? '' : `, built in ${formatDuration(buildMs)}`;
  const lines = [
    `${describeIndex(index)}: saves ${formatCount(blocksSaved)} blocks, costs ${formatCount(blocksAdded)} blocks and ${formatBytes(Math.max(0, walBytesAdded))} of WAL (one of each piece of work).`,
    `Scanned ${formatCount(scans)} times; ${formatBytes(bytes)}${built}.`,
    ...units
      .slice(0, 3)
      .map(
        ({ unit, blocks }) =>
          `  ${unit}: ${formatCount(Math.abs(blocks))} blocks ${blocks >= 0 ? 'fewer' : 'more'}`,
      ),
  ];
  return lines.map((line) => `-- ${oneLine(line)}`).join('\n');
}

/** A name may hold a line break, which would end the comment. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ');
}
