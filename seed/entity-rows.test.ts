import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CopyValue } from './copy-text.ts';
import { copyLine } from './copy-text.ts';
import type { EntityName, EntityOf } from './entities.ts';
import { ENTITY_NAMES, entitiesOf, entityCount, rowsOf } from './entity-rows.ts';
import { resolveShape } from './profiles.ts';

const SHAPE = resolveShape('smoke');

/** What entities leave out, as the generators write it. */
const LEFT_OUT: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  app_user: { password_hash: /^scrypt\$16384\$8\$1\$[0-9a-f]{32}\$[0-9a-f]{64}$/ },
  driver: { location_updated_at: /^2026-03-0\d \d\d:\d\d:00\+00$/ },
  dispatch_run: { status: /^completed$/ },
};

const camelCase = (column: string) => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function encoded(column: string, value: unknown): CopyValue {
  if (value instanceof Date) return `${value.toISOString().slice(0, 19).replace('T', ' ')}+00`;
  if (typeof value === 'number' && /_(lat|lon)$/.test(column)) return value.toFixed(5);
  return value as CopyValue;
}

describe('entities', () => {
  for (const name of ENTITY_NAMES) {
    test(`of ${name}, written as rows again, are the rows of the reference schema`, () => {
      const { table, columns, chunks } = rowsOf(SHAPE, name);
      const lines = [...chunks()].map(({ bytes }) => bytes.toString('utf8')).join('');
      const expected = lines.split('\n').slice(0, -1);
      let at = 0;
      for (const entity of entitiesOf(SHAPE, name)) {
        const fields = (expected[at++] ?? '').split('\t');
        const written = columns.map((column, index) => {
          const pattern = LEFT_OUT[table]?.[column];
          if (pattern) assert.match(fields[index] ?? '', pattern);
          return pattern
            ? (fields[index] ?? '')
            : encoded(column, new Map<string, unknown>(Object.entries(entity)).get(camelCase(column)));
        });
        assert.equal(copyLine(written), `${fields.join('\t')}\n`);
      }
      assert.equal(at, expected.length);
      assert.equal(entityCount(SHAPE, name), expected.length);
    });
  }

  test('of bookings know their service day, and are open or past', () => {
    const bookings = [...entitiesOf(SHAPE, 'bookings')];
    assert.ok(bookings.every(({ day, scheduledTime }) => scheduledTime.toISOString().startsWith(day)));
    assert.equal(bookings.filter(({ status }) => status === 'open').length, 200); // 20 bookings × 2 companies × 5 days
    assert.ok(bookings.some(({ driverId }) => driverId !== null));
    assert.ok(bookings.some(({ notes }) => notes !== null));
  });

  test('are typed by their name', () => {
    const first = <Name extends EntityName>(name: Name): EntityOf<Name> | undefined => {
      for (const entity of entitiesOf(SHAPE, name)) return entity;
      return undefined;
    };
    assert.equal(first('companies')?.id, 1);
    assert.match(first('users')?.email ?? '', /^dispatcher-1@/);
  });
});
