import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clients } from './clients.ts';
import { companies } from './companies.ts';
import { openDataset } from './dataset.ts';
import { drivers, takesWheelchair } from './drivers.ts';
import { clientIdsOf, PROFILES } from './profiles.ts';
import { townCentre, townOf } from './towns.ts';

const LOAD = openDataset(PROFILES.load);
const DRIVERS = [...drivers(LOAD)];

test('driver ids are consecutive, company by company', () => {
  assert.equal(DRIVERS.length, 20 * 50);
  assert.ok(
    DRIVERS.every(({ id, companyId }, index) => id === index + 1 && companyId === Math.ceil(id / 50)),
  );
});

test('nine in ten drivers can be sent', () => {
  const share = DRIVERS.filter(({ isAvailable, isActive }) => isAvailable && isActive).length / 1_000;
  assert.ok(Math.abs(share - 0.92 * 0.98) < 0.04, `${share}`); // 4 × √(0.9 × 0.1 / 1,000) = 0.038
});

test('a fifth of the drivers of every company takes a wheelchair', () => {
  for (const count of [10, 50]) {
    const taking = Array.from({ length: count }, (_, position) => takesWheelchair(position)).filter(Boolean);
    assert.equal(taking.length, count / 5);
  }
});

test('vehicles have four to eight seats', () => {
  assert.deepEqual([...new Set(DRIVERS.map(({ seats }) => seats))].sort(), [4, 5, 6, 8]);
});

test('drivers live and stand in the town of their company', () => {
  for (const { companyId, home, current } of DRIVERS) {
    const centre = townCentre(townOf(companyId));
    for (const position of [home, current]) {
      assert.ok(Math.abs(position.latE5 - centre.latE5) < 11_000); // 12 km are 10,792 hundred-thousandths of a degree
    }
  }
});

test('clients are of one company each, and one in twenty needs a wheelchair', () => {
  const all = [...clients(LOAD)];
  const { count } = clientIdsOf(PROFILES.load, 1);
  assert.ok(all.every(({ id, companyId }, index) => id === index + 1 && companyId === Math.ceil(id / count)));
  const share = all.filter(({ needsWheelchair }) => needsWheelchair).length / all.length;
  assert.ok(Math.abs(share - 0.05) < 0.011, `${share}`); // 4 × √(0.05 × 0.95 / 7,000) = 0.0104
});

test('companies are dealt to real towns and have their depot there', () => {
  for (const { id, town, depot } of companies(LOAD)) {
    assert.equal(town, townOf(id).name);
    assert.ok(Math.abs(depot.latE5 - townCentre(townOf(id)).latE5) < 1_800); // 2 km
  }
});
