import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadModule } from 'libpg-query';
import {
  BOOKING_STEPS,
  buildGrowth,
  DRIVER_STEPS,
  type GrowthShape,
} from '../../../test/support/growth-builders.ts';
import { growthRecord } from '../../profiling/growth-record.ts';
import { renderSvg, titledSpec } from '../render-chart.ts';
import { callsAgainstSizeChart } from './calls-against-size.ts';
import { PHONE_PX, WIDE_PX } from './chart.ts';

before(loadModule);

function chartOf(statements: GrowthShape['statements']) {
  const samples = buildGrowth({ statements }, [...BOOKING_STEPS, ...DRIVER_STEPS]);
  const { findings } = growthRecord(samples, { sizes: { dispatch: { bookings: 100, drivers: 50 } } });
  return callsAgainstSizeChart(findings, 'dataset load');
}

function panelsOf(chart: ReturnType<typeof chartOf>, widthPx = WIDE_PX) {
  assert.ok(chart);
  return (
    chart.draw(widthPx) as unknown as {
      concat: { layer: { data: { values: Record<string, unknown>[] } }[] }[];
    }
  ).concat;
}

test('every repeat is drawn where it was measured, and the line where the fit says', () => {
  const chart = chartOf({ 'SELECT id FROM client WHERE id = $': ({ bookings = 0 }) => 2 + bookings });
  const [panel] = panelsOf(chart);
  const [line, rings] = panel?.layer.map(({ data }) => data.values) ?? [];
  // Three repeats of 8, 16, 32 and 64 bookings, and of four numbers of drivers at 32
  assert.equal(rings?.length, 24);
  assert.ok(rings?.every(({ n, calls }) => Number(calls) === 2 + Number(n)));
  assert.deepEqual(line, [
    { n: 8, calls: 10 },
    { n: 64, calls: 66 },
  ]);
});

test('the title is the finding, and follows it', () => {
  const one = chartOf({ 'SELECT id FROM client WHERE id = $': ({ bookings = 0 }) => 2 * bookings });
  assert.equal(one?.finding, 'SELECT id FROM client WHERE id = $: 2 calls for each booking');
  const two = chartOf({
    'SELECT id FROM client WHERE id = $': ({ bookings = 0 }) => 2 * bookings,
    'SELECT id FROM driver WHERE id = $': ({ drivers = 0 }) => drivers,
  });
  assert.equal(two?.finding, '2 findings grow with the work; the costliest makes 200 calls at 100 bookings');
});

test('at most six panels, and how many are left out is said', () => {
  const statements = Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => [
      `SELECT id FROM table_${index} WHERE id = $`,
      (({ bookings = 0 }) => bookings) satisfies GrowthShape['statements'][string],
    ]),
  );
  const chart = chartOf(statements);
  assert.equal(panelsOf(chart).length, 6);
  assert.match(chart?.context ?? '', /the 6 costliest of 9 findings/);
});

test('without anything that grows there is no chart', () => {
  assert.equal(chartOf({ 'SELECT 1': () => 1 }), null);
  assert.equal(chartOf({ 'SELECT value FROM setting': () => ({ calls: 10, distinctParameters: 1 }) }), null);
});

test('it draws every shape without a warning, wide and on a phone', async () => {
  const chart = chartOf({
    'SELECT id FROM client WHERE id = $': ({ bookings = 0 }) => bookings,
    'SELECT id FROM company WHERE id = $': ({ bookings = 0 }) => Math.min(bookings, 20),
    'SELECT id FROM pair WHERE id = $': ({ bookings = 0 }) => (bookings * (bookings - 1)) / 2,
    'SELECT id FROM fit WHERE id = $': ({ bookings = 0, drivers = 0 }) => bookings * drivers,
  });
  assert.ok(chart);
  assert.equal(panelsOf(chart).length, 4);
  for (const widthPx of [WIDE_PX, PHONE_PX]) {
    const warnings: string[] = [];
    const svg = await renderSvg(titledSpec(chart, widthPx), (message) => warnings.push(message));
    assert.deepEqual(warnings, []);
    assert.match(svg, /bookings × drivers calls/);
  }
});
