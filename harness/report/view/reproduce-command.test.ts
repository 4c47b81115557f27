import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildExperiment } from '../../../test/support/experiment-builders.ts';
import { buildRun } from '../../../test/support/run-builders.ts';
import { reproduceCommand } from './reproduce-command.ts';

function experimentInput(...shape: Parameters<typeof buildExperiment>) {
  return { kind: 'experiment', ...buildExperiment(...shape) } as const;
}

test('the command repeats variants, mode, order, pairs, probes, load and dataset', () => {
  assert.equal(
    reproduceCommand(experimentInput()),
    'rushhour experiment load --variants baseline,optimised --mode all --order-seed 8124 --pairs 6 --probes 5 --generator both --duration-factor 1 --rate-factor 1 --profile load --random-seed 1',
  );
});

test('an experiment of one part names it and leaves out what the others would need', () => {
  assert.equal(
    reproduceCommand(experimentInput({ parts: ['count'] })),
    'rushhour experiment load --variants baseline,optimised --mode count --order-seed 8124 --probes 5 --profile load --random-seed 1',
  );
});

test('with several looks the number of pairs is not chosen, but found', () => {
  const input = experimentInput({ parts: ['pair'] });
  const [look] = input.experiment.plan.looks;
  assert.ok(look);
  input.experiment.plan.looks.push({ ...look, pairs: 16 });
  assert.doesNotMatch(reproduceCommand(input), /--pairs/);
});

test('what was done to the candidate on purpose is done again', () => {
  const input = experimentInput({ parts: ['pair'] });
  const arm = input.experiment.plan.arms[1];
  assert.ok(arm);
  arm.changes = { injectedSlowdownRatio: 0.05, droppedIndexes: ['booking_day', 'odd name'] };
  assert.match(
    reproduceCommand(input),
    / --pairs 6 --inject-slowdown 5% --drop-index booking_day --drop-index 'odd name' --profile load/,
  );
});

test('an A/A experiment names its variant twice, whatever its arms are called', () => {
  const input = experimentInput({ variants: ['optimised', 'optimised again'] });
  for (const arm of input.experiment.plan.arms) arm.variant = 'optimised';
  assert.match(reproduceCommand(input), / --variants optimised,optimised --mode all /);
});

test('the command needs no run: the plan knows the dataset', () => {
  const input = experimentInput();
  input.experiment.plan.shape.profile = 'custom';
  assert.match(
    reproduceCommand({ ...input, runs: [] }),
    /--bookings 100 --drivers 50 --history 100000 --companies 20 --days 20 --random-seed 1$/,
  );
});

test('the command of a custom dataset names its sizes and quotes what a shell would read', () => {
  const run = buildRun({ scenario: 'stress', variant: "odd'name" });
  const custom = { ...run, dataset: { ...run.dataset, profile: 'custom', openBookingsPerDay: 40 } };
  assert.equal(
    reproduceCommand({ kind: 'run', run: custom }),
    "rushhour run stress --variant 'odd'\\''name' --generator k6 --probes 5 --duration-factor 1 --rate-factor 1 --bookings 40 --drivers 50 --history 100000 --companies 4 --days 12 --random-seed 1",
  );
});

test('data of its own size is measured again without sizes', () => {
  const run = buildRun();
  const unknown = { openBookingsPerDay: null, driversPerCompany: null, historyBookings: null };
  const dataset = { ...run.dataset, ...unknown, profile: 'own', companies: null, openDays: null };
  const command = reproduceCommand({ kind: 'run', run: { ...run, dataset } });
  assert.doesNotMatch(command, /--profile|--bookings|--random-seed/);
});

test('what a week calls otherwise is named as the config has it', () => {
  const input = experimentInput({ parts: ['pair'] });
  input.experiment.plan.target = 'orders';
  const names: Readonly<Record<string, string>> = { baseline: 'before', optimised: 'after' };
  for (const { run } of input.runs) {
    const variant = names[run.variant] ?? '';
    run.environment.target = { name: 'orders', configDigest: 'c0ffee', sourceCommit: null, variant };
  }
  assert.match(reproduceCommand(input), / --variants before,after .* --config rushhour.config.ts$/);
});
