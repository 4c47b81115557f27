/** Valid nights for tests: made by formula, never to be shown outside of one. */
import {
  NightRecord,
  type NightScenario,
  type NightTiming,
  type Revision,
} from '../../harness/night-record.ts';

export const DAY_MS = 86_400_000;
const FIRST_NIGHT = Date.parse('2026-10-01T01:00:00.000Z');

/** `c1` as 40 hex digits. */
export function commitOf(number: number): string {
  return number.toString(16).padStart(40, '0');
}

/** What all nights are compared with. */
export const REFERENCE: Revision = {
  ref: 'v1',
  commit: 'a'.repeat(40),
  lockfile: { path: 'package-lock.json', hash: '1'.repeat(64) },
};

export function buildTiming(ratio: number, overrides: Partial<NightTiming> = {}): NightTiming {
  return {
    metric: 'dispatch time',
    unit: 'ms',
    role: 'gate',
    referenceMedian: 20,
    candidateMedian: 20 * ratio,
    pairs: 10,
    ratio,
    low: ratio * 0.98,
    high: ratio * 1.02,
    level: 0.95,
    delta: 0.03,
    detectableRatio: 1.02,
    regressionRatio: 1.05,
    tooNoisy: false,
    verdict: 'equivalent',
    ...overrides,
  };
}

export function buildScenario(ratio = 1, overrides: Partial<NightScenario> = {}): NightScenario {
  return {
    scenario: 'load',
    resultId: null,
    state: 'complete',
    failure: null,
    datasetDigest: 'd'.repeat(64),
    postgres: { version: '18.4', settingsHash: 'settings' },
    verdict: 'fine',
    headline: 'dispatch time unchanged',
    refusals: [],
    timings: [buildTiming(ratio)],
    counters: [
      { metric: 'queries per dispatch', unit: 'statements', reference: 7, candidate: 7, repeatsAgree: true },
    ],
    differences: [],
    stored: { state: 'first', night: null, reason: null, changes: [] },
    sinceLastNight: null,
    wallMs: 60_000,
    ...overrides,
  };
}

/** The `number`-th night from 1: a day after the one before it, of a commit of its own. */
export function buildNight(number: number, overrides: Partial<NightRecord> = {}): NightRecord {
  return NightRecord.parse({
    schema: 'rushhour.night/1',
    id: `night-${String(number).padStart(3, '0')}`,
    at: new Date(FIRST_NIGHT + (number - 1) * DAY_MS).toISOString(),
    origin: 'recorded',
    target: 'shop',
    configDigest: null,
    branch: 'main',
    machine: 'test-machine',
    reference: REFERENCE,
    candidate: { ref: 'HEAD', commit: commitOf(number), lockfile: null },
    scenarios: [buildScenario()],
    verdict: 'fine',
    headline: 'dispatch time unchanged — nächtlich gemessen', // more than one byte for a character, to be cut in
    ...overrides,
  });
}

/** A night for each ratio. */
export function nightsOf(ratios: readonly number[]): NightRecord[] {
  return ratios.map((ratio, index) => buildNight(index + 1, { scenarios: [buildScenario(ratio)] }));
}
