import { listenTo, withTappedTarget } from '../capture/tapped-target.ts';
import { waitOf } from '../capture/waiting.ts';
import type { GrowthOptions } from './dispatch-growth.ts';
import { PAGE_SIZES, pageShape } from './growth-plan.ts';
import { type GrowthSample, heardUse } from './growth-sample.ts';

/** Pages of every list in growing sizes, each `repeats` times after one that warms up, on one fresh clone. */
export async function samplePageGrowth(
  options: GrowthOptions,
  randomSeed: number,
  repeats: number,
): Promise<GrowthSample[]> {
  const { server, target, variant, signal } = options;
  const shape = pageShape(randomSeed);
  const dataset = await target.prepareDataset(server, { variant, shape, signal, onProgress: () => {} });
  const { template, offers } = dataset;
  return withTappedTarget({ ...options, template }, async (tapped) => {
    const dispatching = { offers, signal, logins: new Map(), onOddity: () => {} };
    const dispatcher = await target.openDispatcher(tapped, dispatching);
    for (const offer of offers) await dispatcher.dispatch(offer);
    dispatcher.close();
    const samples: GrowthSample[] = [];
    for (const { unit, ask } of await target.openLists(tapped, { offers, signal })) {
      for (const limit of PAGE_SIZES) {
        await ask(limit);
        for (let repeat = 0; repeat < repeats; repeat++) {
          const { answer, transcript } = await listenTo(tapped.tap, () => ask(limit));
          const { path: sample, items } = answer;
          samples.push({ unit, sample, varied: 'items', sizes: { items }, ...heardUse(waitOf(transcript)) });
        }
      }
    }
    return samples;
  });
}
