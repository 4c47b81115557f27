/** Sixty nights of one level: what a change point must not be found in. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import type { SeededRandom } from '../../test/support/seeded-random.ts';

export const NIGHTS = 60;
/** Nights that stay together when a real history is put into another order. */
const BLOCK = 5;

export interface StationaryHistory {
  readonly name: string;
  readonly seed: number;
  /** Most series with a false point that are allowed, as a share; `null`: told, and not promised. */
  readonly bar: number | null;
  /** Log ratios of as many nights. */
  readonly draw: (random: SeededRandom, nights: number) => number[];
}

/** Spread 1; neighbouring nights alike by `rho`. */
export function autoregressive(rho: number, innovation = (random: SeededRandom) => random.normal()) {
  return (random: SeededRandom, nights: number): number[] => {
    const values: number[] = [];
    for (let at = 0; at < nights; at++) {
      const before = values[at - 1];
      const own = innovation(random);
      values.push(before === undefined ? own : rho * before + Math.sqrt(1 - rho * rho) * own);
    }
    return values;
  };
}

/** One night in twenty is five times as far out. */
const contaminated = (random: SeededRandom) => random.normal() * (random.uniform() < 0.05 ? 5 : 1);

/** The ratios of the real A/A experiments whose ledger is in `results/examples/`, by gate metric, in the order they were measured. */
export function measuredHistories(): ReadonlyMap<string, readonly number[]> {
  const file = path.join(PROJECT_ROOT, 'results', 'examples', 'verify-verdicts', 'verify-verdicts.ndjson');
  const histories = new Map<string, number[]>();
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const { kind, gate } = JSON.parse(line) as { kind: string; gate: { metric: string; ratio: number }[] };
    if (kind !== 'same') continue; // an A/A in the words of that ledger
    for (const { metric, ratio } of gate)
      histories.set(metric, [...(histories.get(metric) ?? []), Math.log(ratio)]);
  }
  return histories;
}

function inBlocks(values: readonly number[], random: SeededRandom): number[] {
  const blocks: number[][] = [];
  for (let at = 0; at < values.length; at += BLOCK) blocks.push(values.slice(at, at + BLOCK));
  return random.shuffled(blocks).flat();
}

export function stationaryHistories(): StationaryHistory[] {
  const measured = [...measuredHistories()].flatMap(([metric, values], index) => [
    {
      name: `real A/A, ${metric}, permuted`,
      seed: 200 + index,
      bar: 0.05,
      draw: (random: SeededRandom) => random.shuffled(values).slice(0, NIGHTS),
    },
    {
      name: `real A/A, ${metric}, in blocks of ${BLOCK}`,
      seed: 210 + index,
      bar: 0.05,
      draw: (random: SeededRandom) => inBlocks(values, random).slice(0, NIGHTS),
    },
  ]);
  return [
    { name: 'independent', seed: 100, bar: 0.05, draw: autoregressive(0) },
    { name: 'independent, 5 % of nights ×5', seed: 101, bar: 0.05, draw: autoregressive(0, contaminated) },
    { name: 'AR(1) 0.3', seed: 102, bar: 0.05, draw: autoregressive(0.3) },
    { name: 'AR(1) 0.5', seed: 103, bar: 0.05, draw: autoregressive(0.5) },
    { name: 'AR(1) 0.7', seed: 104, bar: null, draw: autoregressive(0.7) },
    ...measured,
  ];
}
