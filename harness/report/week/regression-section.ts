import { countOf, formatCount } from '../../quantity.ts';
import type { LadderStep, WeekFacts } from '../../week-record.ts';
import { blocks, type Section, type Table, table, variantCell } from '../view/blocks.ts';
import { answersSentence, answerTable } from './day-4-sections.ts';
import { section } from './week-section.ts';
import { countsText } from './week-tables.ts';
import { yesOrNo } from './week-words.ts';

/** Whether every variant still does the same, shown before anyone believes a time. */
export function regressionSection({ ladder, nPlusOne }: WeekFacts): Section {
  const steps = ladder?.steps ?? [];
  const sentences = [
    ...(steps.length === 0 ? [] : [outcomeSentence(steps)]),
    ...(nPlusOne === null ? [] : [answersSentence(nPlusOne)]),
  ];
  const right = steps.length > 0 && steps.every(({ equalOutcome }) => equalOutcome === true);
  const same = right && (nPlusOne?.answers ?? []).every(({ equal }) => equal);
  return section('same', same ? 'No functional regression' : 'Functional regression', {
    lead: sentences.length === 0 ? null : sentences.join(' '),
    blocks: blocks(outcomeTable(steps), nPlusOne && answerTable(nPlusOne)),
    missing: 'What the variants write and answer was not compared.',
  });
}

function outcomeTable(steps: readonly LadderStep[]): Table | null {
  return table(
    'Every two variants that were compared',
    ['From', 'To', 'Equal outcome', 'Queries', 'Rows', 'Why they may not be compared'],
    steps.map(({ from, to, equalOutcome, queries, rows, refusals }) => [
      variantCell(from),
      variantCell(to),
      yesOrNo(equalOutcome),
      countsText(queries),
      countsText(rows),
      refusals.join('; ') || '–',
    ]),
    { numericFrom: 3, textColumns: [5] },
  );
}

function outcomeSentence(steps: readonly LadderStep[]): string {
  const equal = steps.filter(({ equalOutcome }) => equalOutcome === true).length;
  const said = `${formatCount(equal)} of ${countOf(steps.length, 'comparison')} found the same assignments, statuses and answers`;
  const wrong = steps.filter(({ equalOutcome }) => equalOutcome === false);
  return wrong.length === 0
    ? `${said}.`
    : `${said}; not the same: ${wrong.map(({ from, to }) => `${from} and ${to}`).join(', ')}. A faster wrong answer is a failure.`;
}
