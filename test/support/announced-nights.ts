/** Valid nights for tests of what is announced. The numbers are chosen for their derivations: never show them outside a test. */
import type { NightRecord, NightScenario, NightTiming } from '../../harness/night-record.ts';
import { buildNight, buildScenario, buildTiming } from './night-builders.ts';

const REFERENCE = '3fa6c1'.padEnd(40, '0');
const CANDIDATE = 'b81d22'.padEnd(40, '0');

/** Text that breaks whatever does not escape it: cells, HTML, mentions, links, formulas, commands, XML, the direction of writing. */
export const HOSTILE =
  'a|b @everyone <img src=x onerror=alert(1)> <!-- [x](http://evil.example) `tick` $1 = #12 & \u0007\u202e ]]> *b* www.evil.example';

export function nightTiming(overrides: Partial<NightTiming> = {}): NightTiming {
  return buildTiming(1.1, {
    ...{ referenceMedian: 100, candidateMedian: 110, pairs: 16, low: 1.07, high: 1.13, level: 0.9875 },
    verdict: 'regressed',
    ...overrides,
  });
}

/** The gate of a scenario that did not change. */
export const EQUAL_TIMING: Partial<NightTiming> = {
  candidateMedian: 100,
  ratio: 1,
  low: 0.99,
  high: 1.01,
  verdict: 'equivalent',
};

export function nightScenario(overrides: Partial<NightScenario> = {}): NightScenario {
  return buildScenario(1.1, {
    scenario: 'smoke',
    resultId: '20261125-020000-experiment-smoke-0001',
    verdict: 'regressed',
    headline: 'dispatch time +10.0 % (98.8 % interval +7.0 % to +13.0 %, 16 pairs); confirmed',
    timings: [nightTiming()],
    counters: [
      { metric: 'queries', unit: 'statements', reference: 7, candidate: 9, repeatsAgree: true },
      { metric: 'rows', unit: 'rows', reference: 40, candidate: 40, repeatsAgree: true },
      { metric: 'WAL bytes', unit: 'bytes', reference: 1000, candidate: 1500, repeatsAgree: false },
    ],
    differences: [
      {
        kind: 'query-per-row',
        subject: 'SELECT * FROM driver WHERE id = $1 OR name = $2 || $3',
        counter: 'calls',
        baseline: 0,
        candidate: 2,
        sentence: 'SELECT * FROM driver runs 2 times a dispatch instead of 0',
      },
    ],
    stored: { state: 'same', night: '20261124-020000-0001', reason: null, changes: [] },
    wallMs: 61_500,
    ...overrides,
  });
}

/** A night with the verdict and headline of its first scenario. */
export function nightOf(scenarios: NightScenario[], overrides: Partial<NightRecord> = {}): NightRecord {
  return buildNight(1, {
    id: '20261125-020000-0001',
    at: '2026-11-25T02:00:00.250Z',
    origin: 'measured',
    target: 'planner',
    configDigest: 'c'.repeat(64),
    machine: '2 × AMD EPYC',
    reference: {
      ref: 'v1.4.0',
      commit: REFERENCE,
      lockfile: { path: 'package-lock.json', hash: 'f'.repeat(64) },
    },
    candidate: { ref: 'HEAD', commit: CANDIDATE, lockfile: null },
    scenarios,
    verdict: scenarios[0]?.verdict ?? 'failed',
    headline: scenarios[0]?.headline ?? 'there is no scenario',
    ...overrides,
  });
}

export const FINE = nightScenario({
  scenario: 'calm',
  verdict: 'fine',
  headline: 'dispatch time unchanged (98.8 % interval −1.0 % to +1.0 %, 16 pairs)',
  timings: [nightTiming(EQUAL_TIMING)],
  counters: [{ metric: 'queries', unit: 'statements', reference: 7, candidate: 7, repeatsAgree: true }],
  differences: [],
});

/** One scenario of each kind of end that is not fine, with texts of others in all of them. */
export function hostileNight(): NightRecord {
  return nightOf(
    [
      nightScenario({
        scenario: HOSTILE,
        headline: HOSTILE,
        refusals: [],
        timings: [nightTiming({ metric: HOSTILE })],
      }),
      nightScenario({
        scenario: 'other',
        verdict: 'not-comparable',
        refusals: [HOSTILE, `line\n::error::injected`],
        differences: [
          {
            kind: 'statement',
            subject: HOSTILE,
            counter: HOSTILE,
            baseline: 1,
            candidate: 2,
            sentence: HOSTILE,
          },
        ],
      }),
      nightScenario({
        scenario: 'gone',
        verdict: 'failed',
        state: 'failed',
        resultId: null,
        failure: HOSTILE,
        timings: [],
      }),
    ],
    {
      target: HOSTILE,
      branch: HOSTILE,
      machine: HOSTILE,
      candidate: { ref: HOSTILE, commit: CANDIDATE, lockfile: { path: HOSTILE, hash: 'f'.repeat(64) } },
    },
  );
}
