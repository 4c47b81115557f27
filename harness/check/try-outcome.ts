import { openReadOnlySession } from '../postgres/read-only-session.ts';
import { countOf } from '../quantity.ts';
import { readConfiguredAnswers } from '../targets/dispatch/configured-outcome.ts';
import { questionOf } from '../targets/sql-text.ts';
import type { Answers } from '../targets/target.ts';
import type { CheckContext } from './check-context.ts';
import { describeDifference, type WrittenRows } from './compare-outcomes.ts';
import { type Found, given, type Part, type Tried } from './parts.ts';
import type { Dispatched } from './try-dispatches.ts';
import type { RunningPlace, TriedVariant } from './try-variant.ts';

/** What the dispatches of a variant wrote and how it answers about them, to be compared with another's. */
export interface DoneWork {
  /** Keys of the offers. */
  readonly offers: readonly string[];
  readonly written: Tried<WrittenRows>;
  /** `null` where the config asks for none. */
  readonly answers: Tried<Answers> | null;
}

/** Offers that every variant dispatches before its outcome is read. */
const OFFERS_COMPARED = 2;

/** `outcome` about what was dispatched; `null` where nothing was. */
export async function tryOutcome(
  context: CheckContext,
  place: RunningPlace,
  dispatched: Dispatched,
): Promise<DoneWork | null> {
  const { parts, loaded, quick } = context;
  if (quick) return null;
  const { part } = place;
  const offers = dispatched.offers.slice(0, OFFERS_COMPARED);
  const written = await parts.try(
    part('outcome', 'outcome.sql', 'Correct `outcome.sql`.'),
    [dispatched.first],
    () => rowsWritten(context, place, { offers, first: dispatched.first }),
  );
  const requests = loaded.config.outcome.answers ?? [];
  const answers =
    requests.length === 0
      ? null
      : await parts.try(
          part('answers', 'outcome.answers', 'Correct `outcome.answers`.'),
          [dispatched.first],
          async () => ({
            value: await readConfiguredAnswers(loaded, given(place.up), offers, {
              ...{ logins: dispatched.logins, signal: context.signal, onOddity: () => {} },
            }),
            detail: `${countOf(requests.length, 'request')} answered`,
          }),
        );
  return { offers: offers.map(({ key }) => key), written, answers };
}

async function rowsWritten(
  { loaded }: CheckContext,
  { up, name }: RunningPlace,
  { offers, first }: Pick<Dispatched, 'offers' | 'first'>,
): Promise<Found<WrittenRows>> {
  const { server, database } = given(up);
  const question = questionOf(loaded, 'outcome.sql', loaded.config.outcome.sql);
  const session = await openReadOnlySession(server, database.name);
  try {
    const rows: (string | null)[][] = [];
    const columns = new Set<string>();
    for (const offer of offers) {
      rows.push(...(await session.askTexts(question, offer.values)));
      for (const row of await session.ask(question, offer.values))
        for (const column of Object.keys(row)) columns.add(column);
    }
    const value = { variant: name, columns: [...columns], rows };
    if (rows.length === 0 && given(first).assigned > 0)
      return {
        value,
        status: 'problem',
        detail: `no row, although ${countOf(given(first).assigned, 'booking')} were assigned: it would compare nothing`,
        remedy: 'Let `outcome.sql` ask for what a dispatch of the offer writes.',
      };
    return {
      value,
      detail: `${countOf(rows.length, 'row')} of ${value.columns.join(', ')} for ${countOf(offers.length, 'offer')}`,
    };
  } finally {
    await session.close();
  }
}

const EQUAL: Part = {
  name: 'equal-outcomes',
  label: 'equal outcomes',
  remedy:
    'Leave generated ids and clock times out of `outcome.sql`. Where the rest differs the variants do different work, and their times cannot be compared.',
};
const EQUAL_ANSWERS: Part = {
  name: 'equal-answers',
  label: 'equal answers',
  remedy: 'Name members that may differ, such as ids and clock times, in `outcome.ignore`.',
};

/** Whether all variants have written, and answer, the same as the first. */
export async function tryEquality(
  { parts, quick }: CheckContext,
  variants: readonly TriedVariant[],
): Promise<void> {
  if (quick || variants.length < 2) return;
  const done = variants.flatMap(({ name, done: work }) => (work ? [{ name, work }] : []));
  const [reference] = done;
  if (!reference) return;
  await parts.try(
    EQUAL,
    done.map(({ work }) => work.written),
    async () => {
      const fewest = Math.min(...done.map(({ work }) => work.offers.length));
      const uneven = done.find(({ work }) => work.offers.length !== fewest);
      if (uneven)
        return {
          value: null,
          status: 'warning',
          detail: 'not told: not every variant dispatched the same offers',
          remedy: 'Look at the dispatches above.',
        };
      const [first, ...others] = done.map(({ work }) => given(work.written));
      const differences = others.flatMap((other) => describeDifference(first as WrittenRows, other) ?? []);
      if (differences.length > 0) return { value: null, status: 'problem', detail: differences.join('\n') };
      return { value: null, detail: `${done.map(({ name }) => name).join(', ')} write the same rows` };
    },
  );
  const answers = done.flatMap(({ name, work }) => (work.answers ? [{ name, answers: work.answers }] : []));
  if (answers.length === 0) return;
  await parts.try(
    EQUAL_ANSWERS,
    answers.map((one) => one.answers),
    async () => {
      const [first, ...others] = answers.map(({ name, answers: tried }) => ({ name, ...given(tried) }));
      const differing = others.filter((other) => other.answersDigest !== first?.answersDigest);
      if (differing.length === 0)
        return { value: null, detail: `${answers.map(({ name }) => name).join(', ')} answer the same` };
      return {
        value: null,
        status: 'problem',
        detail: `${differing.map(({ name }) => name).join(', ')} answer otherwise than ${first?.name}`,
      };
    },
  );
}
