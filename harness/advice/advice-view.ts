/** What an advice tells: what to create and what not, each with what was counted. Pure. */
import type { AdviceRecord, ExistingIndex } from '../advice-record.ts';
import { formatChange, formatChangeInterval } from '../change.ts';
import { nameStatement } from '../experiment/statement-text.ts';
import { formatBytes, formatCount, formatDuration, formatShare } from '../quantity.ts';
import { dispatchSizeWords, historyWords, namedSize } from '../report/dataset-size.ts';
import { blocks, type Cell, type Link, type Section, table } from '../report/view/blocks.ts';
import { adviceHeadline, harmSentence } from './advice-headline.ts';
import { advisedSection, referenceSection } from './earned-sections.ts';
import { LEAST_HELP, LEAST_PAY, MOST_HARM } from './judge-index.ts';

/** What a reader of an advice sees, in the order of reading. HTML and Markdown only draw it. */
export interface AdviceView {
  /** Of the result. */
  readonly id: string;
  readonly headline: string;
  /** What it was measured on. */
  readonly origin: string;
  /** What got worse. */
  readonly harm: string;
  readonly warnings: readonly string[];
  readonly sections: readonly Section[];
}

/** @param migration the files of the migration, from the page */
export function adviceView(record: AdviceRecord, migration: readonly Link[]): AdviceView {
  const { id, variant, dataset, environment, warnings } = record;
  const size = namedSize(dataset.profile, [...dispatchSizeWords(dataset), ...historyWords(dataset)]);
  return {
    id,
    headline: adviceHeadline(record),
    origin: `Variant ${variant}, dataset ${size}; PostgreSQL ${environment.postgres.version}, result ${id}.`,
    harm: harmSentence(record),
    warnings,
    sections: [
      unitSection(record),
      advisedSection(record, migration),
      statementSection(record),
      refusedSection(record),
      referenceSection(record),
      existingSection(record),
      methodSection(record),
    ].filter((section) => section !== null),
  };
}

function unitSection({ units, reference }: AdviceRecord): Section {
  const rows = units.map((unit): Cell[] => [
    unit.unit,
    formatCount(unit.blocksBefore),
    formatCount(unit.blocksAfter),
    ...(reference ? [formatCount(unit.blocksReference ?? 0)] : []),
    formatBytes(unit.walBytesBefore),
    formatBytes(unit.walBytesAfter),
    timeCell(unit.time),
  ]);
  const headings = [
    'Piece of work',
    'Blocks before',
    'Blocks advised',
    ...(reference ? ['Blocks migration'] : []),
    'WAL before',
    'WAL advised',
    'Time of its statements',
  ];
  return {
    id: 'units',
    heading: 'What each piece of work needs',
    lead: null,
    blocks: blocks(
      table('Of one each; blocks are those found in cache and those read, together', headings, rows, {
        textColumns: [headings.length - 1],
      }),
    ),
  };
}

function timeCell(time: AdviceRecord['units'][number]['time']): string {
  if (!time) return 'not timed';
  const times = `${formatDuration(time.beforeMs)} → ${formatDuration(time.afterMs)}`;
  if (time.low === null || time.high === null) return `${times}, too few pairs to tell`;
  const meaning = { unit: 'ms', higherIsBetter: false };
  const interval = formatChangeInterval(time.low, time.high, meaning);
  return time.low <= 1 && time.high >= 1
    ? `${times}, no difference shown (${interval})`
    : `${times}: ${formatChange(time.ratio, meaning)} (${interval})`;
}

const MOST_STATEMENTS = 30;

function statementSection({ statements, slower }: AdviceRecord): Section | null {
  const changed = [...statements]
    .filter(({ blocksBefore, blocksAfter }) => blocksBefore !== blocksAfter)
    .sort((a, b) => a.blocksAfter - a.blocksBefore - (b.blocksAfter - b.blocksBefore));
  if (changed.length === 0) return null;
  const rows = changed.map((one): Cell[] => [
    { kind: 'code', text: one.statement, name: nameStatement(one.statement) },
    one.unit,
    formatCount(one.calls),
    formatCount(one.blocksBefore),
    formatCount(one.blocksAfter),
    one.writes ? 'writes' : 'reads',
  ]);
  const shown =
    rows.length <= MOST_STATEMENTS
      ? rows
      : [...rows.slice(0, MOST_STATEMENTS / 2), ...rows.slice(-MOST_STATEMENTS / 2)];
  return {
    id: 'statements',
    heading: 'Statements that change',
    lead:
      slower.length === 0
        ? null
        : `Significantly over 10 % slower: ${slower.map(({ statement, unit }) => `${statement} (${unit})`).join('; ')}.`,
    blocks: blocks(
      table(
        'Most saved first',
        ['Statement', 'In', 'Calls', 'Blocks before', 'Blocks advised', 'Does'],
        shown,
        {
          numericFrom: 2,
          textColumns: [5],
          note:
            shown === rows
              ? null
              : `${rows.length - shown.length} in between are left out; advice.json has all.`,
        },
      ),
    ),
  };
}

function refusedSection({ refused, screened, spareTables, request }: AdviceRecord): Section {
  const rows = refused.map(({ description, failures, beside }): Cell[] => [
    { kind: 'code', text: description },
    failures.join('; '),
    beside.length === 0 ? 'alone' : `with ${beside.length} others`,
  ]);
  const plain = (names: readonly string[]) => (names.length === 0 ? null : names.join(', '));
  const unused = plain(screened.unused);
  const waiting = plain(screened.waiting);
  return {
    id: 'refused',
    heading: 'Indexes refused',
    lead: `${formatCount(screened.candidates)} candidates came from the workload; at most ${request.perRound} a round were replayed.`,
    blocks: blocks(
      table('Refused after a replay', ['Candidate', 'Why', 'Counted'], rows, { numericFrom: 9 }),
      spareTables.length === 0
        ? null
        : { kind: 'bullets', items: spareTables.map(({ table: name, reason }) => `${name}: ${reason}`) },
      unused === null ? null : { kind: 'paragraph', text: `No plan would use: ${unused}.` },
      waiting === null
        ? null
        : { kind: 'paragraph', text: `Not replayed, another index promised as much: ${waiting}.` },
      screened.impossible.length === 0
        ? null
        : { kind: 'bullets', items: screened.impossible.map(({ index, reason }) => `${index}: ${reason}`) },
    ),
  };
}

const EXISTING_WORDS: Readonly<Record<ExistingIndex['verdict'], string>> = {
  required: 'backs a constraint',
  duplicate: 'duplicate of',
  prefix: 'beginning of',
  unused: 'unused in this workload',
  'not-worth-its-writes': 'does not pay',
  earns: 'earns its place',
};

function existingSection({ existing }: AdviceRecord): Section {
  const rows = existing.map(({ name, definition, verdict, servedBy, bytes, advice }): Cell[] => [
    name,
    { kind: 'code', text: definition.replace(/^.* ON /, '') },
    `${EXISTING_WORDS[verdict]}${servedBy === null ? '' : ` ${servedBy}`}`,
    advice === null ? '–' : advice.failures.join('; ') || `${formatCount(advice.blocksSaved)} blocks saved`,
    formatBytes(bytes),
  ]);
  return {
    id: 'existing',
    heading: 'Indexes that are there',
    lead: 'Unused means by what was captured; other work may need it. Nothing here is dropped by the migration.',
    blocks: blocks(
      table('Each that can go was left out once', ['Index', 'On', 'Verdict', 'Counted', 'Size'], rows, {
        numericFrom: 4,
      }),
    ),
  };
}

function methodSection({ repeats, request }: AdviceRecord): Section {
  const items = [
    `The service ran behind a tap: ${request.dispatches} dispatches and each request once. What it said is replayed statement by statement on fresh clones, reads and writes; each piece of work counts once.`,
    `Candidates: equality first, then a range or an order, at most three columns. The planner's cost only chooses what is replayed.`,
    `An index is taken when a statement used it, one needs at least ${formatShare(LEAST_HELP)} fewer blocks, none that only reads needs over ${formatShare(MOST_HARM)} more, it saves ${LEAST_PAY} × what it costs (blocks, and WAL as the blocks it fills), it is no larger than its table, and every result stays the same. Then each is left out once.`,
    `Two equal replays: ${repeats.blocksDiffer} of ${repeats.statements} statements needed other blocks; ${formatCount(repeats.resultsCompared)} of ${formatCount(repeats.results)} results agree and are compared (the others hold clock times or random values).`,
    'Statements are planned with their parameters; a service that prepares them by name may get generic plans. Clones are freshly vacuumed, so index-only scans are at their best.',
  ];
  return { id: 'method', heading: 'How this was found', lead: null, blocks: [{ kind: 'bullets', items }] };
}
