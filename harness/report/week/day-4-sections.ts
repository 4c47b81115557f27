import { countOf, formatCount } from '../../quantity.ts';
import { weekStep } from '../../week/rows/week-steps.ts';
import type { NPlusOneFact, WeekFacts } from '../../week-record.ts';
import { blocks, type Section, type Table, table } from '../view/blocks.ts';
import { profileLinks } from './day-1-sections.ts';
import type { WeekCharts } from './week-charts.ts';
import { section } from './week-section.ts';
import { countsText, stepTable } from './week-tables.ts';
import { yesOrNo } from './week-words.ts';

/** What the fourth day found out: which N+1 there were, what is left, and that answers stayed the same. */
export function dayFourSections(facts: WeekFacts, { queriesPerUnit }: WeekCharts): Section[] {
  const { nPlusOne } = facts;
  const step = weekStep(facts.ladder, 'eager-loading');
  return [
    section('queries', 'Queries of each unit of work', {
      blocks: blocks(
        queriesPerUnit && { kind: 'chart', chart: queriesPerUnit },
        nPlusOne && unitTable(nPlusOne),
      ),
      missing: 'N+1 queries were not looked for.',
    }),
    section('left', 'What is left', {
      lead: nPlusOne === null ? null : remainingSentence(nPlusOne),
      blocks: blocks(
        nPlusOne && nPlusOne.remaining.length > 0 ? { kind: 'bullets', items: nPlusOne.remaining } : null,
        nPlusOne && { kind: 'links', links: issueLinks(nPlusOne) },
      ),
      missing: 'N+1 queries were not looked for.',
    }),
    section('answers', 'Answers before and after', {
      lead: nPlusOne === null ? null : answersSentence(nPlusOne),
      blocks: blocks(nPlusOne && answerTable(nPlusOne)),
      missing: 'No answers were compared.',
    }),
    section('gain', 'Before and after', {
      blocks: blocks(step && stepTable('With joined and batched loading and without', [step])),
      missing: 'The time was not measured.',
    }),
  ];
}

function unitTable({ units }: NPlusOneFact): Table | null {
  return table(
    'Queries and findings, before and after',
    ['Unit of work', 'Size', 'Queries', 'Findings'],
    units.map(({ unit, size, queries, found }) => [unit, size, countsText(queries), countsText(found)]),
    { numericFrom: 2, note: 'Findings: N+1 queries, writes and commits row by row.' },
  );
}

function remainingSentence({ remaining }: NPlusOneFact): string {
  return remaining.length === 0 ? 'No finding is left.' : `${countOf(remaining.length, 'finding')} left:`;
}

function issueLinks({ before, after }: NPlusOneFact) {
  return [before, after].flatMap(({ variant, folder }) =>
    profileLinks(folder)
      .filter(({ text }) => text.startsWith('N_PLUS'))
      .map((link) => ({ ...link, text: `${link.text} of ${variant}` })),
  );
}

/** Whether lists and dispatch answer the same, in one sentence. */
export function answersSentence({ answers }: NPlusOneFact): string {
  const equal = answers.filter((answer) => answer.equal).length;
  return `${formatCount(equal)} of ${countOf(answers.length, 'answer')} are equal, byte for byte but for clock times.`;
}

export function answerTable({ answers }: NPlusOneFact): Table | null {
  return table(
    'Answers',
    ['Request', 'Equal'],
    answers.map(({ request, equal }) => [request, yesOrNo(equal)]),
    { numericFrom: 2 },
  );
}
