import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionAt, mixDeck } from './mix-deck.ts';
import { MIX_ACTIONS, type MixAction, WORKLOADS } from './workloads.ts';

const all = Object.values(WORKLOADS);

test('every workload carries the name it is found under and the dataset it is sized for', () => {
  for (const [name, workload] of Object.entries(WORKLOADS)) assert.equal(workload.name, name);
  assert.deepEqual(
    all.map(({ name, datasetProfile }) => [name, datasetProfile]),
    [
      ['smoke', 'smoke'],
      ['load', 'load'],
      ['stress', 'stress'],
      ['spike', 'load'],
      ['soak', 'load'],
    ],
  );
});

test('load asks for no more pages of bookings and dispatches than the slowest variant can give on two cores', () => {
  const { steps, mix, dispatch } = WORKLOADS.load;
  const weights = Object.values(mix).reduce((sum, weight) => sum + weight, 0);
  for (const { ratePerSecond } of steps) {
    const pagesPerSecond = (ratePerSecond * mix['browse bookings']) / weights;
    assert.ok(pagesPerSecond <= 1.5, `${pagesPerSecond} pages a second`);
    // 0.2 s of CPU a page and 1.5 s a dispatch leave more than half of two cores to everything else
    assert.ok(pagesPerSecond * 0.2 + 1.5 / dispatch.everySeconds < 1);
  }
});

test('stress steps up and comes back down; spike is eight times what is before and after it', () => {
  const rates = WORKLOADS.stress.steps.map(({ ratePerSecond }) => ratePerSecond);
  assert.deepEqual(rates, [5, 20, 80, 200, 400, 80, 5]);
  const [before, spike, after] = WORKLOADS.spike.steps.map(({ ratePerSecond }) => ratePerSecond);
  assert.equal(spike, 8 * (before ?? Number.NaN));
  assert.equal(after, before);
});

test('smoke comes to every action within its measured part', () => {
  const { mix, steps, warmUp } = WORKLOADS.smoke;
  const deck = mixDeck(mix);
  const first = warmUp.seconds * warmUp.ratePerSecond;
  const iterations = steps.reduce((sum, step) => sum + step.seconds * step.ratePerSecond, 0);
  const seen = new Set<MixAction>();
  for (let index = first; index < first + iterations; index += 1) seen.add(actionAt(deck, index));
  assert.deepEqual([...seen].toSorted(), Object.keys(MIX_ACTIONS).toSorted());
});

test('steps have names of their own, and thresholds name steps that exist', () => {
  for (const { name, steps, thresholds } of all) {
    const names = steps.map((step) => step.name);
    assert.equal(new Set(names).size, names.length, name);
    for (const step of Object.keys(thresholds.stepP95Ms)) assert.ok(names.includes(step), `${name}: ${step}`);
  }
});
