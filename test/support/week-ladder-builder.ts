import type { Contributions, LadderFact, LadderStep, OrderStep } from '../../harness/week-record.ts';

const TIMES_MS = {
  baseline: 2_112,
  indexes: 254,
  'bulk-apply': 1_962,
  'eager-loading': 195,
  'indexes+bulk-apply': 142,
  'indexes+eager-loading': 163,
  'bulk-apply+eager-loading': 70,
  optimised: 28,
} as const;

const QUERIES = {
  baseline: 697,
  indexes: 697,
  'bulk-apply': 401,
  'eager-loading': 305,
  'indexes+bulk-apply': 401,
  'indexes+eager-loading': 305,
  'bulk-apply+eager-loading': 9,
  optimised: 9,
} as const;

type Name = keyof typeof TIMES_MS;

const EVERY_STEP: readonly [from: Name, to: Name][] = [
  ['baseline', 'indexes'],
  ['baseline', 'bulk-apply'],
  ['baseline', 'eager-loading'],
  ['indexes', 'indexes+bulk-apply'],
  ['indexes', 'indexes+eager-loading'],
  ['bulk-apply', 'indexes+bulk-apply'],
  ['bulk-apply', 'bulk-apply+eager-loading'],
  ['eager-loading', 'indexes+eager-loading'],
  ['eager-loading', 'bulk-apply+eager-loading'],
  ['indexes+bulk-apply', 'optimised'],
  ['indexes+eager-loading', 'optimised'],
  ['bulk-apply+eager-loading', 'optimised'],
  ['baseline', 'optimised'],
];

/** Every variant, and every two that differ in one switch, in pairs with an interval of ±5 %. */
export function buildLadder(): LadderFact {
  return {
    folder: 'ladder',
    pairs: 7,
    variants: (Object.keys(TIMES_MS) as Name[]).map((variant) => ({
      variant,
      dispatchMs: TIMES_MS[variant],
      queries: QUERIES[variant],
    })),
    steps: EVERY_STEP.map(([from, to]) => buildStep(from, to)),
  };
}

export function buildStep(from: Name, to: Name): LadderStep {
  const applies = (name: Name) => (name === 'optimised' || name.includes('bulk') ? 8 : 117);
  return {
    from,
    to,
    refusals: [],
    equalOutcome: true,
    dispatch: change(TIMES_MS[from], TIMES_MS[to]),
    apply: change(applies(from), applies(to)),
    queries: { before: QUERIES[from], after: QUERIES[to] },
    blocks: { before: 352_062, after: 6_589 },
    rows: { before: 496, after: 251 },
  };
}

function change(beforeMs: number, afterMs: number) {
  const ratio = afterMs / beforeMs;
  return { beforeMs, afterMs, ratio, low: ratio * 0.95, high: ratio * 1.05, level: 0.984, pairs: 7 };
}

const ORDERS: readonly (readonly [name: string, from: Name, to: Name][])[] = [
  [
    ['indexes', 'baseline', 'indexes'],
    ['bulk-apply', 'indexes', 'indexes+bulk-apply'],
    ['eager-loading', 'indexes+bulk-apply', 'optimised'],
  ],
  [
    ['eager-loading', 'baseline', 'eager-loading'],
    ['bulk-apply', 'eager-loading', 'bulk-apply+eager-loading'],
    ['indexes', 'bulk-apply+eager-loading', 'optimised'],
  ],
];

/** The order of the week and its reverse. */
export function buildContributions(): Contributions {
  const orders = ORDERS.map((steps) => ({
    switches: steps.map(([name]) => name),
    steps: steps.map(([name, from, to]) => orderStep(name, from, to)),
  }));
  const whole = Math.log(TIMES_MS.optimised / TIMES_MS.baseline);
  return {
    from: 'baseline',
    to: 'optimised',
    orders,
    shares: ['indexes', 'bulk-apply', 'eager-loading'].map((name) => {
      const ratios = orders
        .flatMap(({ steps }) => steps.filter((step) => step.switch === name))
        .map(({ ratio }) => ratio);
      const shares = ratios.map((ratio) => Math.log(ratio) / whole);
      return {
        switch: name,
        least: Math.min(...shares),
        most: Math.max(...shares),
        mean: shares.reduce((sum, share) => sum + share, 0) / shares.length,
        leastFactor: 1 / Math.max(...ratios),
        mostFactor: 1 / Math.min(...ratios),
      };
    }),
  };
}

function orderStep(name: string, from: Name, to: Name): OrderStep {
  const { beforeMs, afterMs, ratio, low, high } = change(TIMES_MS[from], TIMES_MS[to]);
  return {
    switch: name,
    from,
    to,
    beforeMs,
    afterMs,
    ratio,
    low,
    high,
    queriesSaved: QUERIES[from] - QUERIES[to],
  };
}
