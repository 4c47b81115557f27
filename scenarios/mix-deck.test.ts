import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionAt, mixDeck, worstConcurrency } from './mix-deck.ts';
import { MIX_ACTIONS, type MixAction, WORKLOADS } from './workloads.ts';

const weights: Record<MixAction, number> = {
  'browse bookings': 6,
  'create bookings': 3,
  'driver positions': 6,
  'driver availability': 3,
  'read assignments': 2,
};

const countIn = (deck: readonly MixAction[], action: MixAction) =>
  deck.filter((one) => one === action).length;

test('one cycle has each action as often as its weight', () => {
  const deck = mixDeck(weights);
  assert.equal(deck.length, 20);
  for (const action of Object.keys(weights) as MixAction[])
    assert.equal(countIn(deck, action), weights[action]);
});

test('every action is spread evenly: any stretch holds its share, give or take one and a half', () => {
  const deck = mixDeck(weights);
  const endless = [...deck, ...deck, ...deck];
  for (const action of Object.keys(weights) as MixAction[]) {
    for (let length = 1; length <= 20; length += 1) {
      const share = (weights[action] / 20) * length;
      for (let start = 0; start < 20; start += 1) {
        const found = countIn(endless.slice(start, start + length), action);
        assert.ok(
          Math.abs(found - share) <= 1.5,
          `${action}: ${found} in ${length}, expected about ${share}`,
        );
      }
    }
  }
});

test('the deck repeats after a cycle', () => {
  const deck = mixDeck(weights);
  assert.equal(actionAt(deck, 43), deck[3]);
});

test('weights without a whole positive sum are refused', () => {
  const none = Object.fromEntries(Object.keys(weights).map((action) => [action, 0])) as typeof weights;
  assert.throws(() => mixDeck(none), /positive sum, got a sum of 0/);
});

test('worst concurrency is that of a queue in which every request takes its longest', () => {
  const { mix } = WORKLOADS.load;
  const deck = mixDeck(mix);
  for (const [ratePerSecond, timeoutSeconds] of [
    [4, 10],
    [80, 4],
  ] as const) {
    let most = 0;
    const busyUntil: number[] = [];
    for (let index = 0; index < 5_000; index += 1) {
      const now = index / ratePerSecond;
      const still = busyUntil.filter((end) => end > now);
      busyUntil.splice(0, busyUntil.length, ...still);
      busyUntil.push(now + MIX_ACTIONS[actionAt(deck, index)].requests * timeoutSeconds);
      most = Math.max(most, busyUntil.length);
    }
    const planned = worstConcurrency(
      mix,
      ratePerSecond,
      (action) => MIX_ACTIONS[action].requests * timeoutSeconds,
    );
    assert.ok(planned >= most, `${planned} VUs for ${most} iterations at once`);
    assert.ok(planned <= most + 12, `${planned} VUs are far more than ${most}`);
  }
});
