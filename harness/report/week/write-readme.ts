/** Draws the README's part about the week from the newest example: `npm run readme:write`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../machine/environment.ts';
import { writeDurably } from '../../store/durable-file.ts';
import { readmeWithWeek } from './readme-table.ts';
import { newestWeekExample } from './week-example.ts';

const file = join(PROJECT_ROOT, 'README.md');
const { folder, record } = await newestWeekExample();
await writeDurably(file, readmeWithWeek(await readFile(file, 'utf8'), record, folder));
console.log(file);
