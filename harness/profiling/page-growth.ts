import { ENDPOINTS, type EndpointRequest } from '../../scenarios/endpoints.ts';
import { companyDays } from '../../seed/profiles.ts';
import { parseVariant } from '../../target/variants.ts';
import { listenTo, withTappedTarget } from '../capture/tapped-target.ts';
import { waitOf } from '../capture/waiting.ts';
import { prepareDataset } from '../experiment/dataset.ts';
import { logInEach } from '../service/service-client.ts';
import type { GrowthOptions } from './dispatch-growth.ts';
import { PAGE_SIZES, pageShape } from './growth-plan.ts';
import { type GrowthSample, heardUse } from './growth-sample.ts';

/** The lists of the API, each by the size of its page. `day` has been dispatched. */
const LISTS: readonly { readonly unit: string; page(day: string, limit: number): EndpointRequest }[] = [
  {
    unit: ENDPOINTS.listBookings.name,
    page: (date, limit) => ENDPOINTS.listBookings.build({ date, limit }),
  },
  { unit: ENDPOINTS.listDrivers.name, page: (_, limit) => ENDPOINTS.listDrivers.build({ limit }) },
  { unit: ENDPOINTS.listAssignments.name, page: (_, limit) => ENDPOINTS.listAssignments.build({ limit }) },
];

/** Pages of every list in growing sizes, each `repeats` times after one that warms up, on one fresh clone. */
export async function samplePageGrowth(
  options: GrowthOptions,
  randomSeed: number,
  repeats: number,
): Promise<GrowthSample[]> {
  const { server, variant, signal } = options;
  const shape = pageShape(randomSeed);
  const { indexes } = parseVariant(variant).switches;
  const { template } = await prepareDataset(server, { shape, indexes, signal, onProgress: () => {} });
  return withTappedTarget({ ...options, template }, async ({ service, tap }) => {
    const days = companyDays(shape);
    const client = (await logInEach(service.baseUrl, days, signal))(1);
    for (const { day } of days) await client.dispatch(day);
    const samples: GrowthSample[] = [];
    for (const { unit, page } of LISTS) {
      for (const limit of PAGE_SIZES) {
        const { path } = page(days[0]?.day ?? '', limit);
        await client.get(path);
        for (let repeat = 0; repeat < repeats; repeat++) {
          const { answer, transcript } = await listenTo(tap, () => client.get(path));
          const sizes = { items: (answer as { items: unknown[] }).items.length };
          samples.push({ unit, sample: path, varied: 'items', sizes, ...heardUse(waitOf(transcript)) });
        }
      }
    }
    return samples;
  });
}
