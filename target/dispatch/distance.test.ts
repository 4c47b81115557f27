import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EARTH_RADIUS_M, haversineM, type Place, toSpherePoint } from './distance.ts';

function distanceM(from: Place, to: Place): number {
  return haversineM(toSpherePoint(from), toSpherePoint(to));
}

test('one degree of a great circle is its share of the circumference', () => {
  const degreeM = (2 * Math.PI * EARTH_RADIUS_M) / 360; // 111,195 m
  assert.ok(Math.abs(distanceM({ lat: 48, lon: 9 }, { lat: 49, lon: 9 }) - degreeM) < 0.001);
  assert.ok(Math.abs(distanceM({ lat: 0, lon: 9 }, { lat: 0, lon: 10 }) - degreeM) < 0.001);
});

test('a degree of longitude shrinks with the cosine of the latitude', () => {
  const equatorM = distanceM({ lat: 0, lon: 0 }, { lat: 0, lon: 0.01 });
  const northM = distanceM({ lat: 60, lon: 0 }, { lat: 60, lon: 0.01 });
  assert.ok(Math.abs(northM / equatorM - 0.5) < 1e-6); // cos 60° = 0.5
});

test('equal places are 0 apart, antipodes half the circumference, and direction does not matter', () => {
  const berlin = { lat: 52.52, lon: 13.405 };
  const munich = { lat: 48.137, lon: 11.575 };
  assert.equal(distanceM(berlin, berlin), 0);
  assert.equal(distanceM(berlin, munich), distanceM(munich, berlin));
  const antipodesM = distanceM({ lat: 31, lon: -10 }, { lat: -31, lon: 170 });
  assert.ok(Math.abs(antipodesM - Math.PI * EARTH_RADIUS_M) < 1);
});
