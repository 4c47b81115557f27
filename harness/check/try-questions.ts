import { placeholderProblems } from '../config/check-placeholders.ts';
import { placeText } from '../config/config-problem.ts';
import type { AccountsConfig, Values } from '../config/rushhour-config.ts';
import { openReadOnlySession, type ReadOnlySession } from '../postgres/read-only-session.ts';
import { withAdmin } from '../postgres/server.ts';
import type { Clone } from '../postgres/templates.ts';
import { countOf, formatCount } from '../quantity.ts';
import type { ConfiguredDataset } from '../targets/configured-dataset.ts';
import { readOfferRows } from '../targets/dispatch/offer-rows.ts';
import type { Offer } from '../targets/offer.ts';
import { questionOf } from '../targets/sql-text.ts';
import { type CheckContext, changed } from './check-context.ts';
import { type Found, given, type Part, type Tried } from './parts.ts';
import { lateSequences } from './sequences.ts';
import type { TriedDataset } from './try-dataset.ts';

const SEQUENCES: Part = { name: 'sequences', label: 'sequences', remedy: 'Set them by setval.' };
const ACCOUNTS: Part = { name: 'accounts', label: 'accounts', remedy: 'Correct `login.accounts`.' };
const PLACEHOLDERS: Part = {
  name: 'placeholders',
  label: 'placeholders',
  remedy:
    'Let `dispatch.offers` or `login.accounts` give them as columns, or an `extract` of an earlier request.',
};
const ROWS: Part = { name: 'rows', label: 'dispatch.rows', remedy: 'Correct `dispatch.rows`.' };

/** What is known of the seeded data, for those that dispatch. */
export interface TriedQuestions {
  readonly accounts: Tried<readonly Values[]>;
  readonly placeholders: Tried<null>;
  /** Offers that have something open. */
  readonly rows: Tried<readonly Offer[]>;
}

/** What the seeded data holds, and what SQL of the config says of it, before anything is started. */
export async function tryQuestions(
  context: CheckContext,
  { data, offers }: TriedDataset,
  seeded: Clone | null,
): Promise<TriedQuestions> {
  await context.parts.try(SEQUENCES, [data], () => sequencesFound(context, (seeded as Clone).name));
  if (!seeded) return askQuestions(context, { data, offers }, null);
  const session = await openReadOnlySession(context.server, seeded.name);
  try {
    return await askQuestions(context, { data, offers }, session);
  } finally {
    await session.close();
  }
}

async function sequencesFound({ server }: CheckContext, database: string): Promise<Found<null>> {
  const late = await withAdmin(server, database, lateSequences);
  if (late.length === 0) return { value: null, detail: 'all are ahead of their columns' };
  return {
    value: null,
    status: 'warning',
    detail: late
      .map(({ column, next, largest }) => `${column} would get ${next} next, and has ${largest} already`)
      .join('; '),
    remedy:
      "End `dataset.seed` with SELECT setval(pg_get_serial_sequence('table', 'column'), max(column)) FROM table, or inserts of the service will fail.",
  };
}

async function askQuestions(
  context: CheckContext,
  { data, offers }: TriedDataset,
  session: ReadOnlySession | null,
): Promise<TriedQuestions> {
  const { parts, loaded } = context;
  const { login } = loaded.config;
  const accounts: Tried<readonly Values[]> =
    login && 'accounts' in login
      ? await parts.try(ACCOUNTS, [data, offers], () =>
          accountsFound(context, login, given(offers), session as ReadOnlySession),
        )
      : { part: ACCOUNTS, works: { value: [] } };
  const placeholders = await parts.try(PLACEHOLDERS, [offers, accounts], async () =>
    placeholdersFound(context, given(offers), given(accounts)),
  );
  const rows = await parts.try(ROWS, [data, offers], () =>
    rowsFound(context, given(offers), session as ReadOnlySession),
  );
  return { accounts, placeholders, rows };
}

/** Values of accounts are not told: there are passwords among them. */
async function accountsFound(
  { loaded }: CheckContext,
  { accounts: listed, accountOf }: AccountsConfig,
  offers: ConfiguredDataset['offers'],
  session: ReadOnlySession,
): Promise<Found<readonly Values[]>> {
  const accounts =
    'sql' in listed ? await session.ask(questionOf(loaded, 'login.accounts', listed.sql), {}) : listed;
  const [first] = accounts;
  if (!first)
    return {
      value: [],
      status: 'problem',
      detail: 'there is none',
      remedy: 'Seed users that may log in, or list them in `login.accounts`.',
    };
  const detail = `${countOf(accounts.length, 'account')} with ${Object.keys(first).join(', ')}`;
  if (accountOf === undefined) return { value: accounts, detail: `${detail}; the first does everything` };
  const lacking = [
    ...(Object.hasOwn(first, accountOf) ? [] : ['accounts']),
    ...(offers.every(({ values }) => Object.hasOwn(values, accountOf)) ? [] : ['offers']),
  ];
  if (lacking.length > 0)
    return {
      value: accounts,
      status: 'problem',
      detail: `${detail}; login.accountOf is ${accountOf}, and the ${lacking.join(' and the ')} have no such column`,
      remedy: 'Name a column that offers and accounts share, or select it in both.',
    };
  const known = new Set(accounts.map((account) => String(account[accountOf])));
  const without = offers.filter(({ values }) => !known.has(String(values[accountOf])));
  if (without.length === 0)
    return { value: accounts, detail: `${detail}; every offer has one, by ${accountOf}` };
  return {
    value: accounts,
    status: 'problem',
    detail: `${detail}; ${without.length} of ${countOf(offers.length, 'offer')} have none by ${accountOf}, such as ${without[0]?.key}`,
    remedy: 'Every offer needs an account that may dispatch it.',
  };
}

/** Offers and accounts of a query have columns only now; those of lists were checked with the config. */
function placeholdersFound(
  { loaded }: CheckContext,
  offers: readonly Offer[],
  accounts: readonly Values[],
): Found<null> {
  const { login, dispatch } = loaded.config;
  const known = changed(loaded, {
    dispatch: { ...dispatch, offers: offers.slice(0, 1).map(({ values }) => values) },
    ...(login && 'accounts' in login ? { login: { ...login, accounts: accounts.slice(0, 1) } } : {}),
  });
  const problems = placeholderProblems(known.config);
  if (problems.length === 0) return { value: null, detail: 'all have a value' };
  return {
    value: null,
    status: 'problem',
    detail: problems.map(({ place, text }) => `${placeText(place)}: ${text}`).join('\n'),
  };
}

/** Each is a question. */
const OFFERS_ASKED_ABOUT = 50;

async function rowsFound(
  { loaded }: CheckContext,
  offers: readonly Offer[],
  session: ReadOnlySession,
): Promise<Found<readonly Offer[]>> {
  const rows = questionOf(loaded, 'dispatch.rows', loaded.config.dispatch.rows);
  const asked = offers.slice(0, OFFERS_ASKED_ABOUT);
  const open: { readonly offer: Offer; readonly count: number }[] = [];
  const settled: Offer[] = [];
  for (const offer of asked) {
    const { open: count } = await readOfferRows(session, rows, offer);
    if (count > 0) open.push({ offer, count });
    else settled.push(offer);
  }
  const value = open.map(({ offer }) => offer);
  const counts = open.map(({ count }) => count);
  const most = Math.max(...counts);
  const least = Math.min(...counts);
  const range = least === most ? formatCount(least) : `${formatCount(least)} to ${formatCount(most)}`;
  const remedy =
    'Each offer must have open bookings before it is dispatched: let `dispatch.offers` and `dispatch.rows` look at the same.';
  if (open.length === 0)
    return {
      value,
      status: 'problem',
      detail: `nothing is open for any offer, such as ${asked[0]?.key}`,
      remedy,
    };
  const detail = `${range} open for each of ${countOf(open.length, 'offer')}`;
  if (settled.length === 0) return { value, detail };
  return {
    value,
    status: 'warning',
    detail: `${detail}; nothing for ${settled.length} others, such as ${settled[0]?.key}`,
    remedy,
  };
}
