import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../../errors.ts';
import { PROJECT_ROOT } from '../../machine/environment.ts';
import { WeekRecord } from '../../week-record.ts';

const EXAMPLES = 'results/examples';

/**
 * The newest week among the examples; its folder is named from the project's root.
 *
 * @throws HarnessError RESULT_NOT_FOUND when there is none
 */
export async function newestWeekExample(): Promise<{ folder: string; record: WeekRecord }> {
  const names = await readdir(join(PROJECT_ROOT, EXAMPLES));
  const newest = names
    .filter((name) => /^\d{8}-\d{6}-week-/.test(name))
    .toSorted()
    .at(-1);
  if (newest === undefined) {
    throw new HarnessError('RESULT_NOT_FOUND', `there is no week in ${EXAMPLES}`, {
      hint: 'Copy one there from results/.',
    });
  }
  const folder = `${EXAMPLES}/${newest}`;
  const text = await readFile(join(PROJECT_ROOT, folder, 'week.json'), 'utf8');
  return { folder, record: WeekRecord.parse(JSON.parse(text)) };
}
