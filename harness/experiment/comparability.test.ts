import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildRun } from '../../test/support/run-builders.ts';
import type { RunRecord } from '../result.ts';
import {
  countRefusals,
  groundRefusals,
  outcomeDifferences,
  refusalsBetween,
  timeRefusals,
} from './comparability.ts';

const RUN = buildRun({}, { id: 'a' });

/** The run with one thing changed, so that each refusal is tested alone. */
function changed(change: (run: RunRecord) => void): RunRecord {
  const copy = structuredClone(RUN);
  copy.id = 'b';
  change(copy);
  return copy;
}

const postgres = (run: RunRecord) => run.environment.postgres;

describe('exact counters', () => {
  const refused: [string, (run: RunRecord) => void, RegExp][] = [
    [
      'another dataset',
      (run) => (run.dataset.digest = 'f'.repeat(64)),
      /^the dataset differs: load of random seed 1 \(7d0c9b1f5a3e\) against load of random seed 1 \(ffffffffffff\)$/,
    ],
    [
      'another major version',
      (run) => (postgres(run).version = '17.6'),
      /^the major version of PostgreSQL differs: 18 against 17$/,
    ],
    [
      'other settings',
      (run) => (postgres(run).settingsHash = 'ffff'),
      /^the PostgreSQL configuration differs/,
    ],
    [
      'a contaminated probe',
      (run) => Object.assign(run.probe ?? {}, { contaminated: true }),
      /^something else used the database of b/,
    ],
    ['an interrupted run', (run) => (run.state = 'interrupted'), /^the run of b is interrupted$/],
    ['no probe', (run) => (run.probe = null), /^no dispatch of b was counted alone$/],
    [
      'fewer dispatches',
      (run) => run.probe?.dispatches.pop(),
      /^the number of dispatches alone differs: 5 after 2 of warm-up against 4/,
    ],
    [
      'other company-days',
      (run) => run.probe?.dispatches.reverse(),
      /^the list of what was dispatched differs/,
    ],
    [
      'other assignments',
      (run) => Object.assign(run.outcome ?? {}, { assignmentsDigest: 'f' }),
      /^the assignments differ: 192 by baseline/,
    ],
    [
      'other answers',
      (run) => Object.assign(run.outcome ?? {}, { answersDigest: 'f' }),
      /^what GET \/api\/v1\/bookings answered differs$/,
    ],
  ];
  for (const [name, change, reason] of refused) {
    test(`${name}: refused, for that reason alone`, () => {
      const reasons = countRefusals(RUN, changed(change));
      assert.equal(reasons.length, 1, reasons.join('; '));
      assert.match(reasons[0] ?? '', reason);
    });
  }

  test('day, machine, commit, scenario, load and minor version do not matter to them', () => {
    const elsewhere = changed((run) => {
      run.startedAt = '2026-12-24T00:00:00.000Z';
      run.environment = { ...run.environment, machine: 'other', cpuCount: 64, node: 'v22.1.0' };
      run.environment.postgres.version = '18.1';
      run.environment.tool = { ...run.environment.tool, commit: 'fff', dirty: true };
      run.scenario = 'stress';
      for (const load of run.loads) load.report.errors = 5;
    });
    assert.deepEqual(countRefusals(RUN, elsewhere), []);
  });

  test('of another dataset the outcome says nothing, so it is not told', () => {
    const other = changed((run) => {
      run.dataset.digest = 'f'.repeat(64);
      if (run.outcome) run.outcome.assignmentsDigest = 'f';
    });
    assert.equal(countRefusals(RUN, other).length, 1);
  });
});

describe('times of stored results', () => {
  const named: [string, (run: RunRecord) => void, RegExp][] = [
    [
      'another machine',
      (run) => (run.environment.machine = 'ffff'),
      /^the machine differs: 2 × Test CPU 2\.60GHz \(test-machine\) against .*\(ffff\)$/,
    ],
    ['another number of cores', (run) => (run.environment.cpuCount = 4), /^the machine differs/],
    [
      'another day',
      (run) => (run.startedAt = '2026-11-23T00:00:01.000Z'),
      /^the day differs: 2026-11-22 against 2026-11-23$/,
    ],
    ['another Node', (run) => (run.environment.node = 'v22.1.0'), /^the Node version differs/],
    [
      'another minor version',
      (run) => (postgres(run).version = '18.1'),
      /^the PostgreSQL version differs: 18\.4 against 18\.1$/,
    ],
    ['another commit', (run) => (run.environment.tool.commit = 'fff'), /^the commit of rushhour differs/],
    [
      'uncommitted changes',
      (run) => (run.environment.tool.dirty = true),
      /^b was measured with changes that are in no commit$/,
    ],
    ['another scenario', (run) => (run.scenario = 'stress'), /^the scenario differs: load against stress$/],
    [
      'another mix of requests',
      (run) => (run.traffic.randomSeed = 2),
      /^the random seed of the traffic differs: 1 against 2$/,
    ],
    [
      'errors',
      (run) => Object.assign(run.loads[0]?.report ?? {}, { errors: 3 }),
      /^the k6 load of b had errors or dropped iterations \(3\)$/,
    ],
  ];
  for (const [name, change, reason] of named) {
    test(`${name} makes them differ besides chance`, () => {
      const reasons = timeRefusals(RUN, changed(change));
      assert.equal(reasons.length, 1, reasons.join('; '));
      assert.match(reasons[0] ?? '', reason);
    });
  }

  test('equal circumstances name nothing', () => {
    assert.deepEqual(
      timeRefusals(
        RUN,
        changed(() => {}),
      ),
      [],
    );
  });
});

describe('runs of one experiment', () => {
  test('midnight and uncommitted changes do not part them; the rest does', () => {
    const later = changed((run) => {
      run.startedAt = '2026-11-23T00:00:01.000Z';
      run.environment.tool.dirty = true;
    });
    assert.deepEqual(refusalsBetween(RUN, later), []);
    const other = changed((run) => {
      run.scenario = 'stress';
      run.environment.node = 'v22.1.0';
      if (run.outcome) run.outcome.assignments = 7;
      if (run.outcome) run.outcome.assignmentsDigest = 'f';
    });
    assert.deepEqual(refusalsBetween(RUN, other), [
      'the scenario differs: load against stress',
      'the Node version differs: v20.20.2 against v22.1.0',
      'the assignments differ: 192 by baseline, 7 by baseline',
    ]);
  });

  test('an answer of another shape is told by its endpoint, and its content not again', () => {
    const other = changed((run) => {
      if (run.outcome) run.outcome.responseShapes = { 'GET /api/v1/bookings': 'other' };
      if (run.outcome) run.outcome.answersDigest = 'other';
    });
    assert.deepEqual(outcomeDifferences(RUN, other), [
      'the answer of GET /api/v1/bookings has another shape',
    ]);
  });
});

test('another server, tool or machine is no fault of what was measured; rows, answers and a run that broke off may be', () => {
  const ofNobody: ((run: RunRecord) => void)[] = [
    (run) => (postgres(run).settingsHash = 'ffff'),
    (run) => (postgres(run).version = '18.5'),
    (run) => (run.environment.node = 'v99.0.0'),
    (run) => (run.environment.tool.commit = 'f'.repeat(40)),
    (run) => (run.environment.cpuModel = 'another'),
  ];
  for (const change of ofNobody) {
    const refusals = refusalsBetween(RUN, changed(change));
    assert.equal(refusals.length, 1);
    assert.deepEqual(groundRefusals(refusals), refusals);
  }
  const ofOne: ((run: RunRecord) => void)[] = [
    (run) => (run.dataset.digest = 'f'.repeat(64)),
    (run) => (run.state = 'failed'),
    (run) => Object.assign(run.outcome ?? {}, { answersDigest: 'f' }),
  ];
  for (const change of ofOne) {
    const refusals = refusalsBetween(RUN, changed(change));
    assert.equal(refusals.length, 1);
    assert.deepEqual(groundRefusals(refusals), []);
  }
});
