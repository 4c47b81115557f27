import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CopyBuffer } from './copy-buffer.ts';
import { degreesText, type Position, positionAt, writeDegrees } from './positions.ts';

/** Great-circle distance (haversine), written again here so that the two formulas check each other. */
function haversineM(a: Position, b: Position): number {
  const radians = (e5: number) => ((e5 / 1e5) * Math.PI) / 180;
  const dLat = radians(b.latE5 - a.latE5) / 2;
  const dLon = radians(b.lonE5 - a.lonE5) / 2;
  const h =
    Math.sin(dLat) ** 2 + Math.cos(radians(a.latE5)) * Math.cos(radians(b.latE5)) * Math.sin(dLon) ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(h));
}

const OXFORD = { latE5: 5_175_200, lonE5: -125_770 };
const CARLISLE = { latE5: 5_489_250, lonE5: -293_290 };

test('the position lies at the distance asked for, in any direction', () => {
  for (const from of [OXFORD, CARLISLE]) {
    for (const distanceM of [300, 4_500, 46_000]) {
      for (let direction = 0; direction < 1_024; direction += 37) {
        const found = haversineM(from, positionAt(from, distanceM, direction));
        // 0.1 % of the formula, and up to 1 m of rounding to 1e-5 degrees
        assert.ok(Math.abs(found - distanceM) < 0.001 * distanceM + 1, `${distanceM} m: ${found} m`);
      }
    }
  }
});

test('directions run clockwise from north', () => {
  const [north, east, south, west] = [0, 256, 512, 768].map((direction) =>
    positionAt(OXFORD, 10_000, direction),
  );
  assert.ok(north && north.latE5 > OXFORD.latE5 && north.lonE5 === OXFORD.lonE5);
  assert.ok(east && east.lonE5 > OXFORD.lonE5 && east.latE5 === OXFORD.latE5);
  assert.ok(south && south.latE5 < OXFORD.latE5);
  assert.ok(west && west.lonE5 < OXFORD.lonE5);
});

test('degrees are written with five decimals', () => {
  assert.equal(degreesText(-125_770), '-1.25770');
  assert.equal(degreesText(5_175_200), '51.75200');
  assert.equal(degreesText(7), '0.00007');
  assert.equal(degreesText(-7), '-0.00007');
  assert.equal(degreesText(0), '0.00000');
});

test('the written degrees are the text', () => {
  for (const e5 of [-125_770, 5_175_200, 7, -7, 0, 12_999_999]) {
    const out = new CopyBuffer(100);
    writeDegrees(e5, out);
    assert.equal(out.take().toString(), degreesText(e5));
  }
});
