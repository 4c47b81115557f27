import path from 'node:path';
import { withFreshTarget } from '../../experiment/fresh-target.ts';
import { ProfileRecord } from '../../profile-record.ts';
import { countOf, formatCount } from '../../quantity.ts';
import { type AskedAnswer, compareAnswers } from '../../service/asked-answers.ts';
import { parseRecord } from '../../store/parse-record.ts';
import { PROFILE_FILE } from '../../store/result-folder.ts';
import type { NPlusOneFact } from '../../week-record.ts';
import { nPlusOneUnits } from './n-plus-one-fact.ts';
import { PROFILE_FOLDERS } from './profile-variant.ts';
import { weekTarget } from './week-target.ts';
import type { WeekContext, WeekTask } from './week-task.ts';

/** Services whose answers have to be equal: as it was, as it was before the N+1 went, and as it is. */
const ASKED = ['baseline', 'indexes+bulk-apply', 'optimised'];

/** Offers that each of them dispatches and is asked about. */
const ASKED_OFFERS = 2;

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

async function answersOfAll(context: WeekContext): Promise<(readonly AskedAnswer[])[]> {
  const { plan, subject, progress, signal } = context;
  const answers: (readonly AskedAnswer[])[] = [];
  for (const variant of askedVariants(context)) {
    answers.push(
      await progress.step(`${variant} · answers`, async (onProgress) => {
        const { fresh, dataset } = await weekTarget(context, variant, plan.shape, onProgress);
        const offers = dataset.offers.slice(0, ASKED_OFFERS);
        return withFreshTarget(fresh, (place) => subject.askForAnswers(place, offers, signal));
      }),
    );
  }
  return answers;
}

/** Of a service that a config describes all that it names. */
function askedVariants({ plan: { target } }: WeekContext): readonly string[] {
  return target === undefined ? ASKED : target.variants.map(({ name }) => name);
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
