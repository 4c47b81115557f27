import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TopLevelSpec } from 'vega-lite';
import { chartRows } from './chart-rows.ts';

const of = (spec: object) => chartRows(spec as TopLevelSpec);

test('a chart of one panel is its rows under their names', () => {
  const values = [
    { variant: 'baseline', ms: 4 },
    { variant: 'optimised', ms: null },
  ];
  assert.deepEqual(of({ title: 'a finding', data: { values }, mark: 'bar' }), [
    ['variant', 'ms'],
    ['baseline', 4],
    ['optimised', null],
  ]);
});

test('rows say their panel; labels of the same rows are not told twice, and notes and colours are no data', () => {
  const values = [{ n: 1, calls: 2, colour: '#0064b0' }];
  const spec = {
    vconcat: [
      {
        title: { text: ['SELECT', '1'] },
        layer: [
          { data: { values }, mark: 'point' },
          { data: { values }, mark: 'text' },
          { data: { values: [{ at: 1 }] }, mark: 'rule' },
          { data: { values: [{ text: 'a note' }] }, mark: 'text' },
        ],
      },
      { title: 'COMMIT', data: { values }, mark: 'point' },
    ],
  };
  assert.deepEqual(of(spec), [
    ['panelTitle', 'n', 'calls', 'at'],
    ['SELECT 1', 1, 2, null],
    ['SELECT 1', null, null, 1],
    ['COMMIT', 1, 2, null],
  ]);
});
