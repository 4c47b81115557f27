/**
 * Valid rounds of alternating slices for tests. The numbers look like a small machine's, but are made by formula from
 * a seed: never show them outside a test.
 */
import type { Round } from '../../harness/result.ts';
import { costOf, noise, round } from './variant-costs.ts';

const DISPATCHES = 40;
const SLICE_SIZE = 10;

/** One variant's side of a pair: 40 dispatches in four slices, which take turns with those of the other side. */
export function buildRound(variant: string, slot: number, random: () => number): Round {
  const { loadMs, decideMs, applyMs, queries } = costOf(variant);
  const wallMs = loadMs + decideMs + applyMs + 1.8;
  return {
    warmUpDispatches: 5,
    sliceSize: SLICE_SIZE,
    slices: Array.from({ length: DISPATCHES / SLICE_SIZE }, (_, index) => ({
      position: 2 * index + slot - 1,
      startedMs: round((2 * index + slot - 1) * SLICE_SIZE * wallMs),
      dispatchMs: Array.from({ length: SLICE_SIZE }, () => round(wallMs * noise(random, 0.25))),
    })),
    dispatches: DISPATCHES,
    assigned: 96 * DISPATCHES,
    phases: {
      loadMs: round(loadMs * DISPATCHES),
      decideMs: round(decideMs * DISPATCHES),
      applyMs: round(applyMs * DISPATCHES),
    },
    pairLoadMs: round(2 * wallMs * (DISPATCHES + 5)),
    databaseMs: round(0.7 * wallMs * DISPATCHES),
    queries: queries * DISPATCHES,
    serviceCpuMs: round(0.2 * wallMs * DISPATCHES),
    backendCpuMs: round(0.5 * wallMs * DISPATCHES),
  };
}
