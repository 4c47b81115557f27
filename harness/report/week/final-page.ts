import { formatChange } from '../../change.ts';
import { formatDuration } from '../../quantity.ts';
import { stepBetween } from '../../week/rows/time-goal.ts';
import type { WeekRecord } from '../../week-record.ts';
import { capitalised } from '../verdict-sentence.ts';
import { type Block, blocks, type Link, type Section } from '../view/blocks.ts';
import { contributionSection } from './contribution-section.ts';
import { metricRemark, tallyOf, tallyText, weekVerdict } from './final-verdict.ts';
import { growthSection } from './growth-section.ts';
import { loadSection } from './load-sections.ts';
import { metricSection } from './metric-section.ts';
import { openSection } from './open-section.ts';
import { againSection, originSection } from './origin-sections.ts';
import { lookOf } from './outcome-look.ts';
import { regressionSection } from './regression-section.ts';
import type { WeekCharts } from './week-charts.ts';
import { DAY_FILES, FINAL_FILES, type WeekPage } from './week-page.ts';
import { section } from './week-section.ts';
import { rowTable } from './week-tables.ts';
import { basisText, incompleteWeek, namesText, pageTitle, weekStyles } from './week-words.ts';

/** The report of the whole week. Its first lines say whether it reached its goals, and if not, what fell short. */
export function finalPage(record: WeekRecord, charts: WeekCharts): WeekPage {
  const { finalMetrics, facts, contributions } = record;
  return {
    place: { id: record.id, isComparable: false },
    files: FINAL_FILES,
    title: pageTitle(FINAL_FILES, record, weekVerdict(record)),
    incomplete: incompleteWeek(record),
    verdict: {
      look: lookOf(finalMetrics.length > 0 ? finalMetrics : record.rows),
      sentence: `${capitalised(weekVerdict(record))}.`,
      remarks: finalMetrics.filter(({ outcome }) => outcome !== 'pass').map(metricRemark),
    },
    lead: leadText(record),
    basis: basisText(record),
    names: namesText(record),
    sections: [
      metricSection(record, charts),
      contributionSection(contributions, charts.contributions),
      rowSection(record),
      chartSection(charts),
      loadSection('load', facts.load, charts.load),
      loadSection('stress', facts.stress, charts.stress),
      growthSection(facts.growth, charts.growth),
      regressionSection(facts),
      openSection(record),
      originSection(record),
      againSection(record, null),
      evidenceSection(record),
    ],
    styles: weekStyles(record),
  };
}

function leadText({ facts, rows }: WeekRecord): string {
  const whole = stepBetween(facts.ladder, 'baseline', 'optimised');
  const time =
    whole?.dispatch == null
      ? []
      : [
          `A dispatch took ${formatDuration(whole.dispatch.beforeMs)} before the week and takes ${formatDuration(whole.dispatch.afterMs)} after it: ${formatChange(whole.dispatch.ratio, { unit: 'ms', higherIsBetter: false })}.`,
        ];
  const tally = rows.length === 0 ? 'No row was measured.' : `Of the five days ${tallyText(tallyOf(rows))}.`;
  return [...time, tally].join(' ');
}

function rowSection({ rows, plan }: WeekRecord): Section {
  const days = [...new Set([...plan.days, ...rows.map(({ day }) => day)])].sort((a, b) => a - b);
  return section('rows', 'Every row, day by day', {
    blocks: blocks(
      ...days.map((day) =>
        rowTable(
          DAY_FILES[day].name,
          rows.filter((row) => row.day === day),
        ),
      ),
    ),
    missing: 'No row was measured.',
  });
}

function chartSection({ slowestStatements, indexValue, apply, queriesPerUnit }: WeekCharts): Section {
  const charts = [slowestStatements, indexValue, apply, queriesPerUnit].filter((chart) => chart !== null);
  return section('days', 'Day by day, drawn', {
    blocks: charts.map((chart): Block => ({ kind: 'chart', chart })),
    missing: 'Nothing was measured that could be drawn.',
  });
}

/** Every file of the week that a row rests on, once. */
function evidenceSection({ rows, finalMetrics }: WeekRecord): Section {
  const all = [...finalMetrics, ...rows].flatMap(({ evidence }) => evidence);
  const links: Link[] = all
    .filter(({ file }, index) => all.findIndex((one) => one.file === file) === index)
    .map(({ file }) => ({ text: file, file: `../${file}` }));
  return section('evidence', 'Evidence', {
    lead: 'What the figures were measured in; the record of the week is week.json.',
    blocks: [{ kind: 'links', links: [{ text: 'week.json', file: '../week.json' }, ...links] }],
    missing: '',
  });
}
