import { mean } from 'simple-statistics';
import { countDispatches } from '../../experiment/count-dispatches.ts';
import { formatCount, formatDuration } from '../../quantity.ts';
import { median } from '../../statistics/hodges-lehmann.ts';
import type { GrowthPointFact, GrowthSize, WeekGrowthFact, WeekPlan } from '../../week-record.ts';
import { weekTarget } from './week-target.ts';
import type { WeekContext, WeekTask } from './week-task.ts';
import { withinLimit } from './within-limit.ts';

const VARIANTS = ['baseline', 'optimised'];

const WARM_UP = 1;

/** A size at which one dispatch takes longer is left out. */
const DISPATCH_LIMIT_MS = 90_000;

/** Day 5: how time and queries of a dispatch grow with bookings and with history, before and after. */
export const growthTask: WeekTask<'growth'> = {
  id: 'growth',
  title: 'growth with bookings and with history',
  days: [5],
  expectedSeconds,
  run: (context) => measureGrowthCurves(context),
  lines: growthLines,
};

/** Dispatches alone on a fresh clone at each size of the plan, of each variant. @param limitMs of one dispatch */
export async function measureGrowthCurves(
  context: WeekContext,
  limitMs = DISPATCH_LIMIT_MS,
): Promise<WeekGrowthFact> {
  const points: GrowthPointFact[] = [];
  const notMeasured: string[] = [];
  const tooSlow = new Set<string>();
  for (const size of context.plan.growth.sizes) {
    for (const variant of VARIANTS) {
      const curve = `${variant} ${size.varied}`;
      const what = `${variant} at ${formatCount(size.size)} ${wordsOf(size)}`;
      if (tooSlow.has(curve)) {
        notMeasured.push(`${what}: a smaller size took too long already`);
        continue;
      }
      const point = await context.progress.step(`growth · ${what}`, (onProgress) =>
        measurePoint(context, size, variant, { limitMs, onProgress }),
      );
      if (typeof point !== 'string') points.push(point);
      else {
        notMeasured.push(`${what}: ${point}`);
        tooSlow.add(curve);
      }
    }
  }
  return { points, notMeasured };
}

/** @returns why there is no point, where there is none */
async function measurePoint(
  context: WeekContext,
  { varied, size, shape }: GrowthSize,
  variant: string,
  { limitMs, onProgress }: { readonly limitMs: number; readonly onProgress: (detail: string) => void },
): Promise<GrowthPointFact | string> {
  const { server, plan } = context;
  const { fresh, dataset } = await weekTarget(context, variant, shape, onProgress);
  const probe = { warmUp: WARM_UP, dispatches: plan.growth.dispatches };
  const counted = await withinLimit(context.signal, limitMs, (signal, begin) =>
    countDispatches(
      server,
      { ...fresh, signal },
      {
        ...{ offers: dataset.offers, probe, generators: {}, signal },
        onProgress: (detail) => {
          begin();
          onProgress(detail);
        },
      },
    ),
  );
  if (counted === 'limit') return `a dispatch takes more than ${formatDuration(limitMs, 2)}`;
  const dispatches = counted.probe?.dispatches ?? [];
  if (dispatches.length === 0) return counted.warnings.join(' ');
  return {
    ...{ varied, size, variant, dispatches: dispatches.length },
    ...{ bookings: shape.bookings, drivers: shape.drivers, history: shape.history },
    dispatchMs: median(dispatches.map(({ wallMs }) => wallMs)),
    queries: mean(dispatches.map(({ queries }) => queries)),
    blocks: mean(dispatches.map(({ blocksHit, blocksRead }) => blocksHit + blocksRead)),
  };
}

function wordsOf({ varied }: Pick<GrowthSize, 'varied'>): string {
  return varied === 'bookings' ? 'bookings' : 'past bookings';
}

/** The baseline's time grows with bookings × history; seeding with all rows. */
function expectedSeconds({ growth: { sizes, dispatches } }: WeekPlan): number {
  const seconds = sizes.map(({ shape }) => {
    const openBookings = shape.bookings * shape.companies * shape.days;
    const rows = shape.history + openBookings;
    return 6 + rows / 30_000 + (WARM_UP + dispatches) * 2e-7 * shape.bookings * rows;
  });
  return Math.round(seconds.reduce((sum, one) => sum + one, 0));
}

/** From the smallest to the largest size that was measured, of each curve. */
function growthLines({ points, notMeasured }: WeekGrowthFact): string[] {
  const curves = (['bookings', 'history'] as const).flatMap((varied) =>
    VARIANTS.flatMap((variant) => {
      const curve = points.filter((point) => point.varied === varied && point.variant === variant);
      const [first, last] = [curve[0], curve.at(-1)];
      if (!first || !last) return [];
      const sizes = `${formatCount(first.size)} → ${formatCount(last.size)} ${wordsOf(first)}`;
      return `${variant}, ${sizes}: ${formatDuration(first.dispatchMs)} → ${formatDuration(last.dispatchMs)}, ${formatCount(first.queries)} → ${formatCount(last.queries)} statements`;
    }),
  );
  return [...curves, ...notMeasured.map((one) => `left out: ${one}`)];
}
