/** Nights as values, for tests of logic. */
import type { NightRecord, NightScenario, NightTiming } from '../../harness/night-record.ts';

export const REFERENCE_REVISION = {
  ref: 'v1',
  commit: 'a'.repeat(40),
  lockfile: { path: 'package-lock.json', hash: '1'.repeat(64) },
};

export function nightTiming(low: number, high: number, more: Partial<NightTiming> = {}): NightTiming {
  return {
    metric: 'dispatch time',
    unit: 'ms',
    role: 'gate',
    referenceMedian: 100,
    candidateMedian: 100 * Math.sqrt(low * high),
    pairs: 16,
    ratio: Math.sqrt(low * high),
    low,
    high,
    level: 0.975,
    delta: 0.03,
    detectableRatio: 1.02,
    regressionRatio: 1.05,
    tooNoisy: false,
    verdict: 'equivalent',
    ...more,
  };
}

/** A fine one. */
export function nightScenario(more: Partial<NightScenario> = {}): NightScenario {
  return {
    scenario: 'load',
    resultId: '20261122-010000-night-load-0001',
    state: 'complete',
    failure: null,
    datasetDigest: 'd'.repeat(64),
    postgres: { version: '18.1', settingsHash: 'e'.repeat(64) },
    verdict: 'fine',
    headline: 'dispatch time +0.2 %',
    refusals: [],
    timings: [nightTiming(0.99, 1.01)],
    counters: [],
    differences: [],
    stored: { state: 'first', night: null, reason: null, changes: [] },
    sinceLastNight: null,
    wallMs: 60_000,
    ...more,
  };
}

export function nightRecord(more: Partial<NightRecord> = {}): NightRecord {
  return {
    schema: 'rushhour.night/1',
    id: '20261122-010000-night-00000001',
    at: '2026-11-22T01:00:00.000Z',
    origin: 'recorded',
    target: 'trips',
    configDigest: null,
    branch: 'main',
    machine: 'm',
    reference: REFERENCE_REVISION,
    candidate: { ref: 'HEAD', commit: 'b'.repeat(40), lockfile: null },
    scenarios: [nightScenario()],
    verdict: 'fine',
    headline: 'dispatch time +0.2 %',
    ...more,
  };
}
