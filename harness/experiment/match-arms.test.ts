import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildExperiment } from '../../test/support/experiment-builders.ts';
import { buildRun } from '../../test/support/run-builders.ts';
import type { StoredRuns } from '../store/read-results.ts';
import { matchArms } from './match-arms.ts';

const storedRun = (id: string, variant: string): StoredRuns => ({
  kind: 'run',
  id,
  folder: id,
  run: buildRun({ variant }, { id }),
});

function storedExperiment(id: string, variants: string[]): StoredRuns {
  const { experiment, runs } = buildExperiment({ variants, parts: ['pair', 'load'] });
  const counted = variants.map((variant) => ({
    part: 'count' as const,
    pair: 1,
    slot: 1,
    variant,
    run: buildRun({ variant }, { id: `${id}-${variant}` }),
  }));
  return { kind: 'experiment', id, folder: id, experiment, runs: [...runs, ...counted] };
}

const names = (...results: Parameters<typeof matchArms>) =>
  matchArms(...results).map(({ baseline, candidate }) => [baseline.name, candidate.name]);

test('two runs are compared as they are, whatever their variants', () => {
  assert.deepEqual(names(storedRun('a', 'baseline'), storedRun('b', 'optimised')), [['a', 'b']]);
  assert.throws(() => matchArms(storedRun('a', 'baseline'), storedRun('b', 'baseline'), 'baseline'), {
    code: 'BAD_OPTION',
    message: /--variant: expected an experiment, got two runs/,
  });
});

test('two experiments are compared by the arms that both have, or by the one that was named', () => {
  const [a, b] = [
    storedExperiment('a', ['baseline', 'indexes', 'optimised']),
    storedExperiment('b', ['baseline', 'optimised']),
  ];
  assert.deepEqual(names(a, b), [
    ['baseline of a', 'baseline of b'],
    ['optimised of a', 'optimised of b'],
  ]);
  assert.deepEqual(names(a, b, 'optimised'), [['optimised of a', 'optimised of b']]);
  assert.throws(() => matchArms(a, b, 'indexes'), {
    code: 'BAD_OPTION',
    message: /the variant indexes.*a has baseline, indexes, optimised; b has baseline, optimised/,
  });
});

test('the counting part of an arm is what is compared', () => {
  const [match] = matchArms(storedExperiment('a', ['baseline', 'optimised']), storedRun('b', 'optimised'));
  assert.deepEqual(
    match?.baseline.runs.map((run) => run.id),
    ['a-optimised'],
  );
});

test('a run is compared with the arm of its variant; where there is none, one must be named', () => {
  const experiment = storedExperiment('a', ['baseline', 'optimised']);
  assert.deepEqual(names(storedRun('b', 'optimised'), experiment), [['b', 'optimised of a']]);
  assert.throws(() => matchArms(experiment, storedRun('b', 'indexes')), {
    code: 'BAD_OPTION',
    message: 'a has no variant indexes; it has baseline, optimised.',
  });
  assert.deepEqual(names(experiment, storedRun('b', 'indexes'), 'baseline'), [['baseline of a', 'b']]);
});
