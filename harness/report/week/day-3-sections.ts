import { formatBytes, formatCount } from '../../quantity.ts';
import { weekStep } from '../../week/rows/week-steps.ts';
import type { ApplyFact, WeekFacts } from '../../week-record.ts';
import { blocks, type Section, type Table, table, variantCell } from '../view/blocks.ts';
import type { WeekCharts } from './week-charts.ts';
import { section } from './week-section.ts';
import { stepTable } from './week-tables.ts';

/** What the third day found out: what apply costs row by row and in bulk. */
export function dayThreeSections(facts: WeekFacts, { apply }: WeekCharts): Section[] {
  const step = weekStep(facts.ladder, 'bulk-apply');
  return [
    section('apply', 'What apply costs', {
      blocks: blocks(apply && { kind: 'chart', chart: apply }, facts.apply && accountTable(facts.apply)),
      missing: 'Apply was not counted.',
    }),
    section('gain', 'Before and after', {
      blocks: blocks(step && stepTable('With bulk writes and without', [step])),
      missing: 'The time with bulk writes was not measured.',
    }),
  ];
}

function accountTable({ accounts }: ApplyFact): Table | null {
  return table(
    'Apply of one dispatch, counted',
    ['Variant', 'Assignments', 'Statements', 'Round trips', 'Commits', 'WAL'],
    accounts.map(({ variant, assignments, statements, roundTrips, commits, walBytes }) => [
      variantCell(variant),
      formatCount(assignments),
      formatCount(statements),
      formatCount(roundTrips),
      formatCount(commits),
      walBytes === null ? 'not counted' : formatBytes(walBytes),
    ]),
    { note: 'From the first write of a booking to the last commit. WAL is that of the writing statements.' },
  );
}
