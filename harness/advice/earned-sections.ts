/** What indexes earned when they were counted: those that are advised, and those that were chosen by hand. Pure. */
import type { AdviceRecord, AdvisedStatement, IndexAdvice } from '../advice-record.ts';
import { formatBytes, formatCount, formatDuration, formatShare } from '../quantity.ts';
import { blocks, type Cell, type Link, type Section, table } from '../report/view/blocks.ts';
import { referenceSentence } from './advice-headline.ts';

/** @param migration the files that create them, from the page */
export function advisedSection({ advised }: AdviceRecord, migration: readonly Link[]): Section | null {
  if (advised.length === 0) return null;
  return {
    id: 'advised',
    heading: 'Indexes to create',
    lead: 'Each was counted with all others in place, against the same workload without it. The migration creates them:',
    blocks: blocks({ kind: 'links', links: migration }, earningsTable('What each earns', advised)),
    parts: advised.map((index, at) => earningsSection(index, at + 1)),
  };
}

function earningsTable(caption: string, indexes: readonly IndexAdvice[]) {
  const rows = indexes.map((index): Cell[] => [
    { kind: 'code', text: index.description },
    formatCount(index.blocksSaved),
    formatCount(index.blocksAdded),
    formatBytes(Math.max(0, index.walBytesAdded)),
    formatCount(index.scans),
    hotText(index.hotUpdates),
    formatBytes(index.bytes),
    index.buildMs === null ? '–' : formatDuration(index.buildMs),
  ]);
  return table(
    caption,
    ['Index', 'Blocks saved', 'Blocks added', 'WAL added', 'Scans', 'HOT updates', 'Size', 'Built in'],
    rows,
  );
}

function hotText({ updates, without, with: withIndex }: IndexAdvice['hotUpdates']): string {
  if (updates === 0) return 'none written';
  return `${formatShare(without / updates)} → ${formatShare(withIndex / updates)} of ${formatCount(updates)}`;
}

function earningsSection({ description, units, best, worst, sql }: IndexAdvice, number: number): Section {
  const changed = units.filter(({ blocks: saved }) => Math.abs(saved) >= 1);
  const items = [
    ...changed
      .slice(0, 6)
      .map(
        ({ unit, blocks: saved }) =>
          `${unit}: ${formatCount(Math.abs(saved))} blocks ${saved > 0 ? 'fewer' : 'more'}`,
      ),
    ...(best ? [`helps most: ${statementText(best)}`] : []),
    ...(worst ? [`costs most: ${statementText(worst)}`] : []),
  ];
  return {
    id: `index-${number}`,
    heading: description,
    lead: null,
    blocks: blocks({ kind: 'bullets', items }, { kind: 'sql', text: sql }),
  };
}

function statementText({ unit, statement, calls, blocksBefore, blocksAfter }: AdvisedStatement): string {
  return `${statement} – ${formatCount(calls)} × in ${unit}, ${formatCount(blocksBefore)} → ${formatCount(blocksAfter)} blocks`;
}

export function referenceSection(record: AdviceRecord): Section | null {
  const { reference } = record;
  if (!reference) return null;
  const items = reference.indexes.map(
    ({ name, accepted, failures }) => `${name}: ${accepted ? 'earns its place' : failures.join('; ')}`,
  );
  return {
    id: 'reference',
    heading: 'The indexes of the migration, chosen by hand',
    lead: referenceSentence(record),
    blocks: blocks(earningsTable('What each earned: all of them, against all but it', reference.indexes), {
      kind: 'bullets',
      items,
    }),
  };
}
