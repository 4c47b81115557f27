import { groupBy } from '../group-by.ts';
import type { Finding, FindingKind, GrowthNote } from '../profiling/finding.ts';
import { LEADS } from '../profiling/finding-words.ts';
import type { GrowthRecord } from '../profiling/growth-record.ts';
import { countOf, formatCount, formatDuration } from '../quantity.ts';
import type { Chart } from './charts/chart.ts';
import { findingId, findingSection, findingSubject, sizesText } from './finding-section.ts';
import { GROWTH_SECTION } from './page-of-markdown.ts';
import type { ProfilePart } from './profile-part.ts';
import { type Block, blocks, type Cell, type Section, strong, table } from './view/blocks.ts';

export interface IssuesPage {
  /** What was measured: the service and its dataset. */
  readonly context: string;
  /** Of `callsAgainstSizeChart`; its file is in `charts/` beside the page. */
  readonly chart: Chart | null;
}

/** `N_PLUS_ONE_ISSUES.md`: what grows with the work, the costliest first, then what is in order and what is not known. */
export function nPlusOneIssues(record: GrowthRecord, { context, chart }: IssuesPage): ProfilePart {
  const { findings } = record;
  return {
    opening: {
      id: GROWTH_SECTION,
      heading: headline(record),
      lead: context,
      blocks: blocks(
        record.units.flatMap(({ unit }) => totalText(findings.filter((finding) => finding.unit === unit))),
        overview(findings),
        chart && { kind: 'chart', chart },
      ),
      parts: findings.map((finding, index) => findingSection(finding, index + 1)),
    },
    sections: [othersSection(record), judgedSection(record)],
  };
}

const NOUNS: Readonly<Record<FindingKind, readonly [one: string, many: string]>> = {
  'n-plus-one': ['N+1', 'N+1'],
  'n-times-m': ['N×M', 'N×M'],
  'row-by-row-write': ['row-by-row write', 'row-by-row writes'],
  'commit-per-row': ['commit for each row', 'commits for each row'],
  'transaction-per-row': ['transaction for each row', 'transactions for each row'],
  'redundant-query': ['redundant query', 'redundant queries'],
};

function headline({ findings, judgements, notes, units }: GrowthRecord): string {
  const statements = judgements.filter(({ statement }) => statement !== null).length;
  const doubtful = notes.filter(isDoubtful).length;
  const doubt = doubtful === 0 ? '' : `, ${formatCount(doubtful)} without a verdict`;
  const looked = `${countOf(statements, 'statement')} in ${countOf(units.length, 'unit')} of work${doubt}`;
  if (findings.length === 0) return `No N+1 and no row-by-row write: ${looked}`;
  const kinds = (Object.keys(NOUNS) as FindingKind[]).flatMap((kind) => {
    const count = findings.filter((finding) => finding.kind === kind).length;
    return count === 0 ? [] : [countOf(count, ...NOUNS[kind])];
  });
  return `${countOf(findings.length, 'finding')}: ${kinds.join(', ')} (${looked})`;
}

/** What all findings of a unit cost together. Repeats inside an N+1 are part of it and count once. */
function totalText(findings: readonly Finding[]): Block[] {
  const [first] = findings;
  if (first === undefined) return [];
  const counted = findings.filter(
    ({ kind, statement }) =>
      kind !== 'redundant-query' ||
      findings.every((other) => other.kind === kind || other.statement !== statement),
  );
  const calls = counted.reduce((sum, { cost }) => sum + cost.calls, 0);
  const measured = counted.flatMap(({ cost }) => cost.totalMs ?? []);
  const time = measured.reduce((sum, ms) => sum + ms, 0);
  const unmeasured = counted.length - measured.length;
  const said = measured.length === 0 ? 'their time was not measured' : `${formatDuration(time)} of waiting`;
  const missing = measured.length > 0 && unmeasured > 0 ? ` (${formatCount(unmeasured)} without a time)` : '';
  const saved = `: ${formatCount(Math.round(calls))} calls to save, ${said}${missing}.`;
  return [{ kind: 'paragraph', text: [strong(first.unit), saved] }];
}

function overview(findings: readonly Finding[]): Block | null {
  const rows = findings.map((finding, index): Cell[] => {
    const { kind, unit, statement, cost } = finding;
    const subject = findingSubject(finding);
    return [
      { kind: 'anchor', text: String(index + 1), id: findingId(index + 1) },
      LEADS[kind],
      unit,
      statement === null ? subject : { kind: 'code', text: subject },
      sizesText(cost),
      formatCount(Math.round(cost.calls)),
      cost.totalMs === null ? 'not measured' : formatDuration(cost.totalMs),
    ];
  });
  return table(
    'Findings, the costliest first',
    ['No.', 'Finding', 'Unit of work', 'Statement', 'At', 'Calls to save', 'Their wait'],
    rows,
    { numericFrom: 0, textColumns: [1, 2, 3, 4], captionHidden: true },
  );
}

function isDoubtful({ verdict, statement }: GrowthNote): boolean {
  return verdict !== 'batched' && statement !== null;
}

function othersSection({ judgements, notes }: GrowthRecord): Section {
  const constant = judgements.filter(
    ({ verdict, statement }) => verdict === 'constant' && statement !== null,
  );
  const batched = notes.filter(({ verdict }) => verdict === 'batched');
  const doubtful = notes.filter(({ verdict }) => verdict !== 'batched');
  const items = [
    `${countOf(constant.length, 'statement')} made the same number of calls at every size`,
    ...noteLines(batched),
    ...noteLines(doubtful),
  ];
  return {
    id: 'in-order',
    heading: doubtful.length === 0 ? 'In order' : 'In order, and without a verdict',
    lead: null,
    blocks: [{ kind: 'bullets', items }],
  };
}

/** A line for each statement; one for all of a unit that have no verdict for the same reason. */
function noteLines(notes: readonly GrowthNote[]): string[] {
  const alike = groupBy(notes, ({ unit, reason, statement, verdict }) =>
    verdict === 'not-established' ? `${unit} ${reason}` : `${unit} ${statement}`,
  );
  return [...alike.values()].map((group) => {
    const [first] = group;
    if (first === undefined) return '';
    const { unit, sentence, reason } = first;
    const statements = group.filter(({ statement }) => statement !== null).length;
    const said =
      group.length === 1 ? sentence : `No verdict on ${countOf(statements, 'statement')}: ${reason}`;
    return `${unit}: ${said}`;
  });
}

function judgedSection({ units }: GrowthRecord): Section {
  const measured = units.map(
    ({ unit, varied, samples, measurements }) =>
      `${unit}: ${formatCount(samples)} sizes, varied ${varied.join(', ')}; ${formatCount(measurements)} measurements`,
  );
  return {
    id: 'how-judged',
    heading: 'How it was judged',
    lead: null,
    blocks: [
      {
        kind: 'paragraph',
        text: [
          'Each size was run several times on fresh clones, and the calls of each statement counted. A statement is an N+1 when its ' +
            'calls lie on a line (r² ≥ 0.98) that rises by half a call or more for each one of the size, and by 5 calls or more in all, ' +
            'with parameters of their own; lookups for some of the rows scatter about their line and count from r² ≥ 0.9. A write is row by row when it does so one row at a time. ',
          { kind: 'emphasis', text: 'To save' },
          ' are the calls that are there because of the size; their wait is what the service waited for one, times their number.',
        ],
      },
      { kind: 'bullets', items: measured },
    ],
  };
}
