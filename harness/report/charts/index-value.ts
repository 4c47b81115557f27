import { countOf, formatCount } from '../../quantity.ts';
import type { IndexValueFact } from '../../week-record.ts';
import { outcomeLook } from '../week/outcome-look.ts';
import type { Chart } from './chart.ts';
import { contextLine } from './context.ts';
import { type DumbbellRow, drawDumbbells } from './dumbbells.ts';
import { PHASE_COLOURS, type VariantStyle } from './palette.ts';

type Field = 'blocks' | 'walBytes';

const [ADDED, SAVED] = ['adds', 'saves'] as const;

const STYLES: ReadonlyMap<string, VariantStyle> = new Map([
  [SAVED, { colour: PHASE_COLOURS.load, dash: [1, 0], shape: 'circle' }],
  [ADDED, { colour: { light: '#b8431f', dark: '#ff9070' }, dash: [1, 0], shape: 'triangle-left' }],
]);

/** What each index saves and adds, by what it saves. `null` when none was measured. */
export function indexValueChart({ indexes, dispatches }: IndexValueFact, context: string): Chart | null {
  if (indexes.length === 0) return null;
  const rows = indexes
    .toSorted((a, b) => Number(b.earns) - Number(a.earns) || b.blocksSaved - a.blocksSaved)
    .map(indexRow);
  return {
    name: 'index-value',
    finding: valueFinding(indexes),
    context: contextLine(
      context,
      `replay of ${countOf(dispatches, 'dispatch', 'dispatches')} and of each kind of request once`,
    ),
    reading: `${outcomeLook('pass').sign} earns its upkeep, ${outcomeLook('fail').sign} does not. Blocks are those of one of each unit of work, summed over the statements that need fewer with the index, and over those that need more. The scales begin at 0 and are logarithmic.`,
    draw: (widthPx) =>
      drawDumbbells(
        {
          rows,
          measures: [
            { field: 'blocks', title: 'Blocks', unit: 'blocks' },
            { field: 'walBytes', title: 'WAL', unit: 'bytes' },
          ],
          styles: STYLES,
          baseline: ADDED,
          candidate: SAVED,
          label: (text) => text,
          everyRowOnAPhone: true,
        },
        widthPx,
      ),
  };
}

function valueFinding(indexes: IndexValueFact['indexes']): string {
  const idle = indexes.filter(({ earns }) => !earns);
  const all = countOf(indexes.length, 'index', 'indexes');
  const best = indexes.toSorted((a, b) => b.blocksSaved - a.blocksSaved)[0];
  if (idle.length === indexes.length) return `None of ${all} earns its upkeep`;
  const most = `${best?.description} saves most, ${countOf(best?.blocksSaved ?? 0, 'block')}`;
  if (idle.length === 0) return `All of ${all} earn their upkeep; ${most}`;
  const named = idle.map(({ description }) => description).join(', ');
  return `${formatCount(indexes.length - idle.length)} of ${all} earn their upkeep; ${named} ${idle.length === 1 ? 'does' : 'do'} not`;
}

/** An index writes WAL and saves none, so there it has one point. */
function indexRow({ description, earns, ...index }: IndexValueFact['indexes'][number]): DumbbellRow<Field> {
  return {
    text: `${outcomeLook(earns ? 'pass' : 'fail').sign} ${description}`,
    before: { blocks: Math.max(0, index.blocksAdded), walBytes: Math.max(0, index.walBytesAdded) },
    after: { blocks: Math.max(0, index.blocksSaved), walBytes: null },
  };
}
