import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { NightRecord } from '../../harness/night-record.ts';
import type { Day } from './days.ts';
import { type BisectAnswer, judgeNight, type NightSaid } from './judge-night.ts';

/** What bisect said of a day, where it was asked before. @param folder of the month */
export async function keptAnswer(folder: string, { day }: Day): Promise<BisectAnswer | null> {
  const kept = await readFile(answerFile(folder, day), 'utf8').catch(() => null);
  return kept === null ? null : (JSON.parse(kept) as BisectAnswer);
}

export async function keepAnswer(folder: string, { day }: Day, answer: BisectAnswer): Promise<void> {
  await writeFile(answerFile(folder, day), `${JSON.stringify(answer, null, 2)}\n`);
}

/** What each night of a whole month said. @param nights one for each day, in their order */
export async function judgeKeptMonth(
  folder: string,
  days: readonly Day[],
  nights: readonly NightRecord[],
): Promise<NightSaid[]> {
  if (nights.length !== days.length)
    throw new RangeError(`expected a night for each of ${days.length} days, got ${nights.length}`);
  return Promise.all(
    days.map(async (day, index) =>
      judgeNight(day, nights[index] as NightRecord, await keptAnswer(folder, day)),
    ),
  );
}

function answerFile(folder: string, day: number): string {
  return path.join(folder, `bisect-day-${day}.json`);
}
