import { loadStatementParser } from '../../harness/capture/statement-identity.ts';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { referenceTarget } from '../../harness/targets/reference-target.ts';
import { ALL_DAYS, planWeek } from '../../harness/week/plan-week.ts';
import { REFERENCE_SUBJECT } from '../../harness/week/reference-subject.ts';
import type { WeekContext } from '../../harness/week/tasks/week-task.ts';
import { performanceIndexes } from '../../harness/week/week-migration.ts';
import { resolveShape } from '../../seed/profiles.ts';
import { scratchFolder } from './command.ts';
import { SILENT } from './silent-progress.ts';

/** A quick week on the smallest dataset, in folders that are gone after the test. */
export async function weekContext(
  t: { after(work: () => Promise<void>): void },
  server: PostgresServer,
  overrides: Partial<WeekContext> = {},
): Promise<WeekContext> {
  await loadStatementParser();
  const shape = resolveShape('smoke');
  return {
    server,
    signal: new AbortController().signal,
    progress: SILENT,
    plan: planWeek({ mode: 'quick', days: ALL_DAYS, shape, randomSeed: 1, generators: [] }),
    folder: await scratchFolder(t),
    resultsRoot: await scratchFolder(t),
    migration: await performanceIndexes(),
    subject: REFERENCE_SUBJECT,
    target: referenceTarget(),
    generators: [],
    skippedLoads: [],
    ...overrides,
  };
}
