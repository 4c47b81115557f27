import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BookingRow, bookingRows, bookings, priceCents } from './booking-rows.ts';
import { timestampText } from './calendar.ts';
import { copyField } from './copy-text.ts';
import { openDataset } from './dataset.ts';
import type { TownPlaces } from './places.ts';
import { NOTES } from './pools.ts';
import { degreesText, type Position } from './positions.ts';
import { PROFILES } from './profiles.ts';
import { placePosition, ROAD_FACTOR, type Route } from './routes.ts';
import { townCentre, townIndexOf, townOf } from './towns.ts';

const SMOKE = openDataset(PROFILES.smoke);
const ROWS = [...bookings(SMOKE)];

/** Flat-earth distance with the cosine of the middle latitude, in metres. */
function distanceM(a: Position, b: Position): number {
  const metresPerE5 = 111_195 / 1e5;
  const cosine = Math.cos((((a.latE5 + b.latE5) / 2e5) * Math.PI) / 180);
  return Math.hypot((a.latE5 - b.latE5) * metresPerE5, (a.lonE5 - b.lonE5) * metresPerE5 * cosine);
}

const placeOf = ({ townIndex, place }: Route) => placePosition(SMOKE.towns[townIndex] as TownPlaces, place);

test('the two ends of a trip lie its road distance apart, divided by the road factor', () => {
  for (const { booking, route } of ROWS) {
    const straight = distanceM(placeOf(route), route.far);
    const expected = booking.distanceM / ROAD_FACTOR;
    assert.ok(Math.abs(straight - expected) < 0.002 * expected + 1.5, `${straight}, expected ${expected}`);
  }
});

test('places are in the company’s town, and a few of them have a large part of the trips', () => {
  for (const { booking, route } of ROWS) {
    assert.equal(route.townIndex, townIndexOf(booking.companyId));
    assert.ok(distanceM(townCentre(townOf(booking.companyId)), placeOf(route)) <= 12_010);
  }
  // Zipf over 1,200 places: 1 / (ln 1,200 + 0.577) = 13 % for the first one of each town.
  const share = ROWS.filter(({ route }) => route.place === 0).length / ROWS.length;
  assert.ok(Math.abs(share - 0.13) < 0.03, `${share}`); // 4 standard deviations of √(0.13 × 0.87 / 2,200) = 0.007
});

test('half of the trips begin at the place, half end there', () => {
  const share = ROWS.filter(({ route }) => route.fromPlace).length / ROWS.length;
  assert.ok(Math.abs(share - 0.5) < 0.043, `${share}`); // 4 × √(¼ / 2,200)
});

test('the encoded rows say what the values are', () => {
  const text = Buffer.concat([...bookingRows(SMOKE).chunks()].map(({ bytes }) => bytes)).toString();
  const lines = text.trimEnd().split('\n');
  assert.equal(lines.length, 2_200);
  for (const [index, row] of ROWS.entries()) assert.deepEqual(lines[index]?.split('\t'), columnsOf(row));
});

function columnsOf({ booking, route, note }: BookingRow): string[] {
  const street = copyField(SMOKE.pools.streets[route.farStreet] ?? '');
  const far = `${route.farHouse} ${street}, ${townOf(booking.companyId).name}`;
  const farColumns = [far, degreesText(route.far.latE5), degreesText(route.far.lonE5)];
  const placeColumns = SMOKE.towns[route.townIndex]?.columns.text(route.place).split('\t') ?? [];
  return [
    ...[booking.id, booking.companyId, booking.clientId].map(String),
    ...[
      copyField(booking.driverId),
      booking.status,
      timestampText(booking.scheduledMinute),
      String(booking.passengers),
    ],
    ...(route.fromPlace ? [...placeColumns, ...farColumns] : [...farColumns, ...placeColumns]),
    ...[booking.distanceM, priceCents(booking.distanceM)].map(String),
    copyField(note === null ? null : (NOTES[note] ?? '')),
    ...[booking.createdMinute, booking.updatedMinute].map(timestampText),
  ];
}

test('prices grow with the distance and are whole tens', () => {
  assert.equal(priceCents(1_000), 500); // 3.20 + 1.80
  assert.equal(priceCents(4_500), 1_130); // 3.20 + 8.10
  assert.equal(priceCents(400), 390); // 3.20 + 0.72, rounded
});
