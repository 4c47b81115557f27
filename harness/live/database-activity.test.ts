import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActivitySum } from './database-activity.ts';

test('sessions at work are averaged over all looks, and waits are shares of the sessions seen at work', () => {
  const sum = new ActivitySum();
  sum.add([
    { event: 'running', active: 1, hidden: 0 },
    { event: 'IO: DataFileRead', active: 2, hidden: 0 },
    { event: 'Client: ClientRead', active: 0, hidden: 0 },
  ]);
  sum.add([{ event: 'IO: DataFileRead', active: 1, hidden: 0 }]);
  sum.add([]);
  sum.add([]);
  // 4 sessions at work in 4 looks; 3 of the 4 waited for a read.
  assert.deepEqual(sum.reading(), {
    moments: 4,
    activeSessions: 1,
    waits: [
      { event: 'IO: DataFileRead', share: 0.75 },
      { event: 'running', share: 0.25 },
    ],
  });
});

test('where what a session does is hidden, nothing is said rather than too little', () => {
  const sum = new ActivitySum();
  assert.equal(sum.reading(), null, 'nobody has looked yet');
  sum.add([{ event: 'running', active: 0, hidden: 1 }]);
  assert.equal(sum.reading(), null);
});
