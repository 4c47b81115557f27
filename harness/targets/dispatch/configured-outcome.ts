/** What the dispatches of a service that is not ours have written and are answered about, to be compared between variants. */
import { createHash } from 'node:crypto';
import type { LoadedConfig } from '../../config/loaded-config.ts';
import { openReadOnlySession } from '../../postgres/read-only-session.ts';
import type { Outcome } from '../../result.ts';
import { responseShapeHash } from '../../service/response-shape.ts';
import type { Offer } from '../offer.ts';
import { questionOf } from '../sql-text.ts';
import type { Answers, DatabasePlace, ServicePlace } from '../target.ts';
import { type AskingOptions, openAsking } from './asking.ts';
import { readOfferRows } from './offer-rows.ts';

/** Offers that answers are asked about: as many as show whether they are equal, since each costs a request. */
const OFFERS_ASKED_ABOUT = 2;

/**
 * Asks the requests of `outcome.answers` about the first offers: the shape of each answer, and a digest of what they say without what
 * may differ.
 *
 * @throws HarnessError DISPATCH_FAILED when a request is refused or not answered
 */
export async function readConfiguredAnswers(
  loaded: LoadedConfig,
  place: ServicePlace,
  offers: readonly Offer[],
  options: AskingOptions,
): Promise<Answers> {
  const { outcome } = loaded.config;
  const requests = outcome.answers ?? [];
  const shapes: Record<string, string> = {};
  const digest = createHash('sha256');
  const asking = requests.length === 0 ? null : openAsking(loaded, place, options);
  try {
    for (const offer of asking ? offers.slice(0, OFFERS_ASKED_ABOUT) : []) {
      for (const request of requests) {
        const body = await asking?.ask(request, {
          offer,
          hint: 'Check `outcome.answers`, and the log of the service.',
        });
        shapes[`${request.method ?? 'GET'} ${request.path}`] ??= responseShapeHash(body);
        digest.update(`${JSON.stringify(comparable(body, new Set(outcome.ignore)))}\n`);
      }
    }
  } finally {
    asking?.close();
  }
  return { responseShapes: shapes, answersDigest: digest.digest('hex') };
}

/** An answer without the members that may differ, the others in one order. */
export function comparable(value: unknown, ignored: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => comparable(item, ignored));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !ignored.has(name))
      .map(([name, item]): [string, unknown] => [name, comparable(item, ignored)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/**
 * What is in the database of these offers: the rows of `outcome.sql` as text, in an order of their own, and the bookings by
 * `dispatch.rows`. The service may have gone.
 *
 * @throws HarnessError BAD_CONFIG when a query does not fit, DATABASE_FAILED
 */
export async function readConfiguredOutcome(
  loaded: LoadedConfig,
  place: DatabasePlace,
  offers: readonly Offer[],
  answers: Answers,
): Promise<Outcome> {
  const { outcome, dispatch } = loaded.config;
  const asked = questionOf(loaded, 'outcome.sql', outcome.sql);
  const rows = questionOf(loaded, 'dispatch.rows', dispatch.rows);
  const session = await openReadOnlySession(place.server, place.database.name);
  try {
    const written: string[] = [];
    const statuses: Record<string, number> = {};
    const add = (status: string, bookings: number) => {
      statuses[status] = (statuses[status] ?? 0) + bookings;
    };
    for (const offer of offers) {
      const found = await session.askTexts(asked, offer.values);
      written.push(...found.map((row) => JSON.stringify([offer.key, ...row])));
      const { open, assigned, unassigned } = await readOfferRows(session, rows, offer);
      add('open', open);
      add('assigned', assigned);
      if (unassigned !== null) add('unassigned', unassigned);
    }
    return {
      companyDays: offers.map(({ key }) => key),
      assignments: written.length,
      assignmentsDigest: createHash('sha256').update(written.sort().join('\n')).digest('hex'),
      bookingStatuses: statuses,
      ...answers,
    };
  } finally {
    await session.close();
  }
}
