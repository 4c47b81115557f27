import path from 'node:path';
import { companyDays } from '../../../seed/profiles.ts';
import { withFreshTarget } from '../../experiment/fresh-target.ts';
import { ProfileRecord } from '../../profile-record.ts';
import { countOf, formatCount } from '../../quantity.ts';
import { type AskedAnswer, askForAnswers, compareAnswers } from '../../service/asked-answers.ts';
import { parseRecord } from '../../store/parse-record.ts';
import { PROFILE_FILE } from '../../store/result-folder.ts';
import type { NPlusOneFact } from '../../week-record.ts';
import { nPlusOneUnits } from './n-plus-one-fact.ts';
import { PROFILE_FOLDERS } from './profile-variant.ts';
import { weekTarget } from './week-target.ts';
import type { WeekContext, WeekTask } from './week-task.ts';

/** Services whose answers have to be equal: as it was, as it was before the N+1 went, and as it is. */
const ASKED = ['baseline', 'indexes+bulk-apply', 'optimised'];

/** Company-days that each of them dispatches and is asked about. */
const ASKED_DAYS = 2;

/** Day 4: how many N+1 there were and are, by both profiles of the week, and whether the answers are the same. */
export const nPlusOneTask: WeekTask<'nPlusOne'> = {
  id: 'nPlusOne',
  title: 'N+1 before and after',
  days: [4],
  expectedSeconds: () => 14,
  run: compareNPlusOne,
  lines: nPlusOneLines,
};

async function compareNPlusOne(context: WeekContext): Promise<NPlusOneFact> {
  const [before, after] = await Promise.all([
    readProfile(context, PROFILE_FOLDERS.before),
    readProfile(context, PROFILE_FOLDERS.after),
  ]);
  return {
    before: { variant: before.variant, folder: PROFILE_FOLDERS.before },
    after: { variant: after.variant, folder: PROFILE_FOLDERS.after },
    units: nPlusOneUnits(before.growth, after.growth),
    remaining: after.growth.findings.map(({ unit, sentence }) => `${unit}: ${sentence}`),
    answers: compareAnswers(await answersOfAll(context)),
  };
}

function readProfile(context: WeekContext, folder: string): Promise<ProfileRecord> {
  return parseRecord(path.join(context.folder, folder, PROFILE_FILE), ProfileRecord);
}

async function answersOfAll(context: WeekContext): Promise<AskedAnswer[][]> {
  const { plan, progress, signal } = context;
  const days = companyDays(plan.shape).slice(0, ASKED_DAYS);
  const answers: AskedAnswer[][] = [];
  for (const variant of ASKED) {
    answers.push(
      await progress.step(`${variant} · answers`, async (onProgress) => {
        const { fresh } = await weekTarget(context, variant, plan.shape, onProgress);
        return withFreshTarget(fresh, ({ service }) => askForAnswers(service.baseUrl, days, signal));
      }),
    );
  }
  return answers;
}

function nPlusOneLines({ units, remaining, answers }: NPlusOneFact): string[] {
  const total = (pick: (unit: NPlusOneFact['units'][number]) => number) =>
    units.reduce((sum, unit) => sum + pick(unit), 0);
  const found = `${countOf(
    total(({ found }) => found.before),
    'finding',
  )} before, ${formatCount(total(({ found }) => found.after))} after`;
  const asked = units.map(
    ({ unit, queries, size }) =>
      `${unit}: ${formatCount(queries.before)} → ${countOf(queries.after, 'statement')} at ${size}`,
  );
  const equal = answers.filter((answer) => answer.equal).length;
  return [
    `N+1 and the like: ${found}${remaining.length === 0 ? '' : ', see what remains'}`,
    asked.join('; '),
    `${formatCount(equal)} of ${countOf(answers.length, 'kind')} of answer equal`,
  ];
}
