import assert from 'node:assert/strict';
import { test } from 'node:test';
import { portableCos, portableExp, portableSin } from './portable-math.ts';

test('exp agrees with the engine to 12 digits', () => {
  for (const x of [-20, -3.7, -1, -1e-9, 0, 0.5, 1, Math.PI, 12, 20]) {
    const error = Math.abs(portableExp(x) / Math.exp(x) - 1);
    assert.ok(error < 1e-12, `exp(${x}) is off by ${error}`);
  }
});

test('sine and cosine of a turn agree with the engine to 12 digits', () => {
  for (let turns = 0; turns <= 1; turns += 1 / 64) {
    const angle = turns * 2 * Math.PI;
    assert.ok(Math.abs(portableCos(turns) - Math.cos(angle)) < 1e-12, `cos of ${turns} turns`);
    assert.ok(Math.abs(portableSin(turns) - Math.sin(angle)) < 1e-12, `sin of ${turns} turns`);
  }
});

test('the bits of the results are pinned: no engine may change them', () => {
  const bits = (value: number) => Buffer.from(new Float64Array([value]).buffer).toString('hex');
  assert.equal(bits(portableExp(1)), 'c559148b0abf0540');
  assert.equal(bits(portableCos(0.1)), 'a8f4979b77e3e93f');
});
