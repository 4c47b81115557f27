import { ENDPOINTS, type EndpointRequest } from '../../scenarios/endpoints.ts';
import type { CompanyDay } from '../../seed/profiles.ts';
import type { SizedList } from '../targets/target.ts';
import { logInEach } from './service-client.ts';

/** The lists of the API, each by the size of its page. `day` has been dispatched. */
const LISTS: readonly { readonly unit: string; page(day: string, limit: number): EndpointRequest }[] = [
  {
    unit: ENDPOINTS.listBookings.name,
    page: (date, limit) => ENDPOINTS.listBookings.build({ date, limit }),
  },
  { unit: ENDPOINTS.listDrivers.name, page: (_, limit) => ENDPOINTS.listDrivers.build({ limit }) },
  { unit: ENDPOINTS.listAssignments.name, page: (_, limit) => ENDPOINTS.listAssignments.build({ limit }) },
];

/** The lists of the reference service, asked by the dispatcher of the first company-day. */
export async function openSizedLists(
  baseUrl: string,
  companyDays: readonly CompanyDay[],
  signal: AbortSignal,
): Promise<SizedList[]> {
  const [first] = companyDays;
  if (first === undefined) return [];
  const client = (await logInEach(baseUrl, [first], signal))(first.companyId);
  return LISTS.map(({ unit, page }) => ({
    unit,
    ask: async (limit) => {
      const { path } = page(first.day, limit);
      const answer = (await client.get(path)) as { readonly items: readonly unknown[] };
      return { path, items: answer.items.length };
    },
  }));
}
