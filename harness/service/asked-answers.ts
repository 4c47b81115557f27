import { ENDPOINTS, type EndpointRequest } from '../../scenarios/endpoints.ts';
import type { CompanyDay } from '../../seed/profiles.ts';
import { comparableAnswer } from './response-shape.ts';
import { logInEach, type ServiceClient } from './service-client.ts';

/** What was asked, in words, and the answer as text, without clock times and ids that the order of writing gives. */
export interface AskedAnswer {
  readonly request: string;
  readonly text: string;
}

const PAGE = 100;

/**
 * Dispatches company-days of a fresh database, one after another, and asks for every list that an N+1 could hide in, before and
 * after: of equal databases two services have to answer the same.
 *
 * @throws HarnessError DISPATCH_FAILED when a request is refused
 */
export async function askForAnswers(
  baseUrl: string,
  companyDays: readonly CompanyDay[],
  signal: AbortSignal,
): Promise<AskedAnswer[]> {
  const clientOf = await logInEach(baseUrl, companyDays, signal);
  const answers: AskedAnswer[] = [];
  for (const companyDay of companyDays) {
    answers.push(...(await askAboutDay(clientOf(companyDay.companyId), companyDay)));
  }
  return answers;
}

async function askAboutDay(client: ServiceClient, { day }: CompanyDay): Promise<AskedAnswer[]> {
  const answers: AskedAnswer[] = [];
  const keep = (request: string, body: unknown) => {
    answers.push({ request, text: JSON.stringify(comparableAnswer(body)) });
    return body;
  };
  const ask = async (request: string, { path }: EndpointRequest) => keep(request, await client.get(path));

  const bookingsOfDay = ENDPOINTS.listBookings.build({ date: day, limit: PAGE });
  await ask('bookings of a day, before its dispatch', bookingsOfDay);
  const { run } = await client.dispatch(day);
  keep('dispatch', run);
  const page = (await ask('bookings of a day', bookingsOfDay)) as BookingsPage;
  const [booking] = page.items;
  if (booking !== undefined) {
    const clientId = booking.client.id;
    await ask('bookings of a client', ENDPOINTS.listBookings.build({ clientId, limit: PAGE }));
    await ask('one booking', ENDPOINTS.readBooking.build({ id: booking.id }));
  }
  await ask('drivers', ENDPOINTS.listDrivers.build({ limit: PAGE }));
  await ask('drivers available', ENDPOINTS.listDrivers.build({ available: true, limit: PAGE }));
  await ask('assignments', ENDPOINTS.listAssignments.build({ limit: PAGE }));
  await ask('assignments of a run', ENDPOINTS.listAssignments.build({ runId: run.id, limit: PAGE }));
  await ask('one run', ENDPOINTS.readDispatch.build({ id: run.id }));
  return answers;
}

interface BookingsPage {
  readonly items: readonly { readonly id: number; readonly client: { readonly id: number } }[];
}

export interface ComparedAnswer {
  readonly request: string;
  /** Every service gave the same answer each time it was asked. */
  readonly equal: boolean;
}

/** Compares what several services answered, request by request; one that was not asked everything is not equal. */
export function compareAnswers(services: readonly (readonly AskedAnswer[])[]): ComparedAnswer[] {
  const requests = [...new Set(services.flat().map(({ request }) => request))];
  return requests.map((request) => {
    const texts = services.map((answers) =>
      answers
        .filter((answer) => answer.request === request)
        .map(({ text }) => text)
        .join('\n'),
    );
    return { request, equal: new Set(texts).size === 1 };
  });
}
