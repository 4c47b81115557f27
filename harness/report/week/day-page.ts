import { formatDuration } from '../../quantity.ts';
import { weekStep } from '../../week/rows/week-steps.ts';
import type { LadderStep, WeekDay, WeekRecord, WeekRow } from '../../week-record.ts';
import type { Chart } from '../charts/chart.ts';
import { capitalised } from '../verdict-sentence.ts';
import { blocks, type Section } from '../view/blocks.ts';
import { contributionSection } from './contribution-section.ts';
import { dayOneSections, profileSentence } from './day-1-sections.ts';
import { dayTwoSections } from './day-2-sections.ts';
import { dayThreeSections } from './day-3-sections.ts';
import { dayFourSections } from './day-4-sections.ts';
import { finalVerdict, tallyOf, tallyText } from './final-verdict.ts';
import { growthSection } from './growth-section.ts';
import { loadSection } from './load-sections.ts';
import { metricSection } from './metric-section.ts';
import { againSection, originSection } from './origin-sections.ts';
import { lookOf } from './outcome-look.ts';
import { regressionSection } from './regression-section.ts';
import type { WeekCharts } from './week-charts.ts';
import { DAY_FILES, type WeekPage } from './week-page.ts';
import { section } from './week-section.ts';
import { rowTable } from './week-tables.ts';
import { basisText, incompleteWeek, namesText, pageTitle, weekStyles } from './week-words.ts';

/** The report of one day: what it was to reach, what was measured, and what was found on the way. */
export function dayPage(record: WeekRecord, day: WeekDay, charts: WeekCharts): WeekPage {
  const rows = record.rows.filter((row) => row.day === day);
  const verdict = rows.length === 0 ? 'this day was not part of the week' : tallyText(tallyOf(rows));
  return {
    place: { id: record.id, isComparable: false },
    files: DAY_FILES[day],
    title: pageTitle(DAY_FILES[day], record, verdict),
    incomplete: incompleteWeek(record),
    verdict: {
      look: lookOf(rows),
      sentence: `${capitalised(verdict)}.`,
      remarks: rows.flatMap(remarkOf),
    },
    lead: leadText(record, day, charts),
    basis: basisText(record),
    names: namesText(record),
    sections: [
      section('rows', 'What was to be reached', {
        blocks: blocks(rowTable(DAY_FILES[day].name, rows)),
        missing: 'This day was not part of the week.',
      }),
      ...sectionsOf(record, day, charts),
      originSection(record),
      againSection(record, day),
    ],
    styles: weekStyles(record),
  };
}

function remarkOf({ title, outcome, measured, goal, reason }: WeekRow): string[] {
  if (outcome === 'pass') return [];
  const said = outcome === 'open' ? 'open' : `${measured ?? 'not measured'}, goal: ${goal}`;
  return [`${title}: ${said}${reason === null ? '' : ` (${reason})`}`];
}

function sectionsOf(record: WeekRecord, day: WeekDay, charts: WeekCharts): Section[] {
  switch (day) {
    case 1:
      return dayOneSections(record.facts, charts);
    case 2:
      return dayTwoSections(record.facts, charts);
    case 3:
      return dayThreeSections(record.facts, charts);
    case 4:
      return dayFourSections(record.facts, charts);
    case 5:
      return dayFiveSections(record, charts);
  }
}

function dayFiveSections(record: WeekRecord, charts: WeekCharts): Section[] {
  const { facts, contributions } = record;
  return [
    metricSection(record, charts),
    contributionSection(contributions, charts.contributions),
    loadSection('load', facts.load, charts.load),
    loadSection('stress', facts.stress, charts.stress),
    growthSection(facts.growth, charts.growth),
    regressionSection(facts),
  ];
}

/** What the day found out, in a sentence or two. */
function leadText({ facts, finalMetrics }: WeekRecord, day: WeekDay, charts: WeekCharts): string {
  switch (day) {
    case 1:
      return facts.profile === null ? 'The baseline was not profiled.' : profileSentence(facts.profile);
    case 2:
      return [stepSentence(weekStep(facts.ladder, 'indexes')), findingOf(charts.indexValue)].join(' ');
    case 3:
      return findingOf(charts.apply);
    case 4:
      return findingOf(charts.queriesPerUnit);
    case 5:
      return `${capitalised(finalVerdict(finalMetrics))}. ${findingOf(charts.growth)}`;
  }
}

function stepSentence(step: LadderStep | null): string {
  const time = step?.dispatch ?? null;
  return time === null
    ? 'The time before and after was not measured.'
    : `A dispatch takes ${formatDuration(time.afterMs)} instead of ${formatDuration(time.beforeMs)}.`;
}

function findingOf(chart: Chart | null): string {
  return chart === null ? '' : `${chart.finding}.`;
}
