/** Day 2: whether the migration creates what it says, can be taken back, and leaves the rows alone. */
import { indexesOfMigration } from '../../advice/reference-set.ts';
import { loadStatementParser } from '../../capture/statement-identity.ts';
import { withClone } from '../../postgres/templates.ts';
import { countOf, formatCount, formatDuration } from '../../quantity.ts';
import type { MigrationFact } from '../../week-record.ts';
import { missingIndexes } from '../rows/missing-indexes.ts';
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
  await loadStatementParser();
  const { template } = await weekDataset(context, 'baseline');
  const trial = await withClone(server, template, ({ name }) => {
    const place: TrialPlace = { server, signal, progress, migration, database: name };
    return tryMigration(place);
  });
  const declared = indexesOfMigration(migration.upText, 'public').map(declaredIndex);
  return { name: migration.name, declared, ...trial };
}

function migrationLines(fact: MigrationFact): string[] {
  const { declared, upgradedMs, secondUpgrade, afterDowngrade, secondDowngrade } = fact;
  const missing = missingIndexes(fact);
  const there = `${declared.length - missing.length} of ${countOf(declared.length, 'index', 'indexes')} present`;
  const again = [...secondUpgrade, ...secondDowngrade];
  return [
    `${there} after ${formatDuration(upgradedMs)}; ${downSentence(afterDowngrade)}; ${rowsSentence(fact.digests)}`,
    again.length === 0 ? 'up and down again change nothing' : `not safe to repeat: ${firstOf(again)}`,
  ];
}

function downSentence(differences: readonly string[]): string {
  return differences.length === 0
    ? 'down leaves the schema as it was'
    : `down does not leave the schema as it was: ${firstOf(differences)}`;
}

function rowsSentence({ before, upgraded, downgraded }: MigrationFact['digests']): string {
  if (before === upgraded && before === downgraded) return 'rows unchanged';
  return `rows changed by the ${before === upgraded ? 'downgrade' : 'upgrade'}`;
}

function firstOf(lines: readonly string[]): string {
  const [first = '', ...others] = lines;
  return others.length === 0 ? first : `${first} and ${formatCount(others.length)} more`;
}
