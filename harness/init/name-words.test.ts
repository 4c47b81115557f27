import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sameName, singular, snakeName, wordsOf } from './name-words.ts';

describe('the words of a name', () => {
  test('are equal in every style', () => {
    for (const name of ['pickupAt', 'pickup_at', 'PICKUP-AT', 'PickupAt'])
      assert.deepEqual(wordsOf(name), ['pickup', 'at'], name);
    assert.deepEqual(wordsOf('HTTPRequestLog2'), ['http', 'request', 'log2']);
    assert.ok(sameName('depotId', 'depot_id'));
    assert.ok(!sameName('depotId', 'depot'));
    assert.equal(snakeName('listOrders'), 'list_orders');
  });

  test('lose the plural that English gives them', () => {
    const plurals = {
      companies: 'company',
      buses: 'bus',
      orders: 'order',
      branches: 'branch',
      status: 'status',
      address: 'address',
      days: 'day',
      routes: 'route',
    };
    for (const [plural, expected] of Object.entries(plurals)) assert.equal(singular(plural), expected);
  });
});
