/** A process that appends nights: `append-nights.ts FILE FIRST COUNT`. */
import { appendNight } from '../../harness/history/history-file.ts';
import { buildNight } from './night-builders.ts';

const [file = '', first = '', count = ''] = process.argv.slice(2);
for (let number = Number(first); number < Number(first) + Number(count); number++)
  await appendNight(file, buildNight(number));
