/** Day 2: whether the migration creates what it says, can be taken back, and leaves the rows alone. */
import { indexesOfMigration } from '../../advice/reference-set.ts';
import { loadStatementParser } from '../../capture/statement-identity.ts';
import { HarnessError } from '../../errors.ts';
import { withClone } from '../../postgres/templates.ts';
import { countOf, formatCount, formatDuration } from '../../quantity.ts';
import type { MigrationFact } from '../../week-record.ts';
import { missingIndexes } from '../rows/missing-indexes.ts';
import type { WeekMigration } from '../week-migration.ts';
import { type TrialPlace, tryMigration } from './migration-trial.ts';
import { declaredIndex } from './secondary-indexes.ts';
import { weekDataset } from './week-target.ts';
import type { WeekContext, WeekTask } from './week-task.ts';

export const migrationTask: WeekTask<'migration'> = {
  id: 'migration',
  title: 'migration up and down',
  days: [2, 5],
  expectedSeconds: ({ shape }) => 1 + Math.round(shape.history / 20_000),
  run: checkMigration,
  lines: migrationLines,
};

async function checkMigration(context: WeekContext): Promise<MigrationFact> {
  const { server, signal, progress, migration } = context;
  if (migration === null) throw new HarnessError('INTERNAL', 'there is no migration to be checked');
  await loadStatementParser();
  const { template } = await weekDataset(context, 'baseline');
  const trial = await withClone(server, template, ({ name }) => {
    const place: TrialPlace = { server, signal, progress, migration, database: name };
    return tryMigration(place);
  });
  return { name: migration.name, declared: declaredBy(migration, trial), ...trial };
}

function declaredBy(
  { upText }: WeekMigration,
  { before, present }: Pick<MigrationFact, 'before' | 'present'>,
): MigrationFact['declared'] {
  if (upText !== null) return indexesOfMigration(upText, 'public').map(declaredIndex);
  return present
    .filter(({ name }) => !before.includes(name))
    .map(({ name, table, columns }) => ({ name, table, columns }));
}

function migrationLines(fact: MigrationFact): string[] {
  const { declared, upgradedMs, secondUpgrade, afterDowngrade, secondDowngrade } = fact;
  const missing = missingIndexes(fact);
  const there = `${declared.length - missing.length} of ${countOf(declared.length, 'index', 'indexes')} present`;
  const again = [...secondUpgrade, ...(secondDowngrade ?? [])];
  return [
    `${there} after ${formatDuration(upgradedMs)}; ${downSentence(afterDowngrade)}; ${rowsSentence(fact.digests)}`,
    again.length === 0
      ? `${afterDowngrade === null ? 'up' : 'up and down'} again change${afterDowngrade === null ? 's' : ''} nothing`
      : `not safe to repeat: ${firstOf(again)}`,
  ];
}

function downSentence(differences: readonly string[] | null): string {
  if (differences === null) return 'not taken back';
  return differences.length === 0
    ? 'down leaves the schema as it was'
    : `down does not leave the schema as it was: ${firstOf(differences)}`;
}

function rowsSentence({ before, upgraded, downgraded }: MigrationFact['digests']): string {
  if (before === upgraded && before === (downgraded ?? before)) return 'rows unchanged';
  return `rows changed by the ${before === upgraded ? 'downgrade' : 'upgrade'}`;
}

function firstOf(lines: readonly string[]): string {
  const [first = '', ...others] = lines;
  return others.length === 0 ? first : `${first} and ${formatCount(others.length)} more`;
}
