/** Draws the README's part about the week from the newest example: `npm run readme:write`. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../../errors.ts';
import { PROJECT_ROOT } from '../../machine/environment.ts';
import { writeDurably } from '../../store/durable-file.ts';
import { WeekRecord } from '../../week-record.ts';
import { readmeWithWeek } from './readme-table.ts';

const EXAMPLES = 'results/examples';
const README = join(PROJECT_ROOT, 'README.md');

const folder = await newestExample();
const record = WeekRecord.parse(JSON.parse(await readFile(join(PROJECT_ROOT, folder, 'week.json'), 'utf8')));
await writeDurably(README, readmeWithWeek(await readFile(README, 'utf8'), record, folder));

/** From the project's root. */
async function newestExample(): Promise<string> {
  const names = await readdir(join(PROJECT_ROOT, EXAMPLES));
  const newest = names
    .filter((name) => /^\d{8}-\d{6}-week-/.test(name))
    .sort()
    .at(-1);
  if (newest === undefined) {
    throw new HarnessError('RESULT_NOT_FOUND', `there is no week in ${EXAMPLES}`, {
      hint: 'Copy one there from results/.',
    });
  }
  return `${EXAMPLES}/${newest}`;
}
