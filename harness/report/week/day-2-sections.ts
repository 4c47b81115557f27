import { countOf, formatBytes, formatCount, formatDuration } from '../../quantity.ts';
import { weekStep } from '../../week/rows/week-steps.ts';
import type { IndexValueFact, MigrationFact, WeekFacts } from '../../week-record.ts';
import { type Block, blocks, type Section, type Table, table } from '../view/blocks.ts';
import { outcomeLook } from './outcome-look.ts';
import type { WeekCharts } from './week-charts.ts';
import { section } from './week-section.ts';
import { stepTable } from './week-tables.ts';

/** What the second day found out: that the migration is sound, what it gains and what each index earns. */
export function dayTwoSections(facts: WeekFacts, { indexValue }: WeekCharts): Section[] {
  const { migration } = facts;
  const step = weekStep(facts.ladder, 'indexes');
  return [
    section('value', 'What each index earns and costs', {
      blocks: blocks(
        indexValue && { kind: 'chart', chart: indexValue },
        facts.indexValue && valueTable(facts.indexValue),
      ),
      missing: 'The indexes were not judged one by one.',
    }),
    section('gain', 'Before and after', {
      blocks: blocks(step && stepTable('With the indexes and without', [step])),
      missing: 'The time with the indexes was not measured.',
    }),
    section('migration', 'The migration', {
      lead: migration === null ? null : migrationSentence(migration),
      blocks: blocks(migration && migrationBlocks(migration)),
      missing: 'The migration was not tried.',
    }),
  ];
}

function valueTable({ indexes }: IndexValueFact): Table | null {
  return table(
    'Each index by itself',
    ['Index', 'Scans', 'Blocks saved', 'Blocks added', 'WAL added', 'Size', 'Verdict'],
    indexes.map((index) => [
      { kind: 'code', text: index.description },
      formatCount(index.scans),
      formatCount(index.blocksSaved),
      formatCount(index.blocksAdded),
      formatBytes(index.walBytesAdded),
      formatBytes(index.bytes),
      {
        kind: 'verdict',
        look: {
          ...outcomeLook(index.earns ? 'pass' : 'fail'),
          word: index.earns ? 'earns' : 'does not earn',
        },
        note: index.verdict,
      },
    ]),
    {
      textColumns: [6],
      note: 'Blocks and WAL: of one of each unit of work, with all indexes against all but this one.',
    },
  );
}

function migrationSentence({ name, before, present, upgradedMs }: MigrationFact): string {
  return `${name} takes ${formatDuration(upgradedMs)} and leads from ${countOf(before.length, 'secondary index', 'secondary indexes')} to ${formatCount(present.length)}.`;
}

function migrationBlocks(migration: MigrationFact): Block[] {
  const { digests } = migration;
  const notDone = migration.notDowngraded ?? 'there was none';
  const changed = (lines: readonly string[] | null) =>
    lines === null ? notDone : lines.length === 0 ? 'nothing' : lines.join('; ');
  return blocks(indexTable(migration), {
    kind: 'facts',
    facts: [
      { name: 'A second upgrade changed', value: changed(migration.secondUpgrade) },
      { name: 'The downgrade left behind', value: changed(migration.afterDowngrade) },
      { name: 'A second downgrade changed', value: changed(migration.secondDowngrade) },
      { name: 'Digest of the rows before', value: digests.before },
      { name: 'After the upgrade', value: digests.upgraded },
      { name: 'After the downgrade', value: digests.downgraded ?? notDone },
    ],
  });
}

function indexTable({ declared, present }: MigrationFact): Table | null {
  const names = [...new Set([...declared, ...present].map(({ name }) => name))];
  return table(
    'What the migration declares and what the catalogue holds',
    ['Index', 'Table and columns', 'In the catalogue'],
    names.map((name) => {
      const found = present.find((index) => index.name === name);
      const asked = declared.find((index) => index.name === name);
      return [{ kind: 'code', text: name }, columnsText(asked ?? found), presenceText(asked, found)];
    }),
    { numericFrom: 3 },
  );
}

type Index = MigrationFact['declared'][number];

function columnsText(index: Index | undefined): string {
  return index === undefined ? '–' : `${index.table} (${index.columns.join(', ')})`;
}

function presenceText(
  declared: Index | undefined,
  present: MigrationFact['present'][number] | undefined,
): string {
  if (present === undefined) return 'missing';
  if (declared === undefined) return 'not declared';
  if (!present.valid) return 'there, but invalid';
  const same = columnsText(declared) === columnsText(present);
  return same ? 'valid, as declared' : `differs: ${columnsText(present)}`;
}
