import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { schemaChanges } from './schema-changes.ts';

/** A line as schema-lines.sql writes it: definition, validity, replica identity. */
const indexLine = (definition: string, flags = 't f') =>
  `index ${/INDEX (\S+) ON (\w+)\./.exec(definition)?.slice(1).reverse().join('.')} ${definition} ${flags}`;

const CLIENT = indexLine('CREATE INDEX client_company_idx ON public.client USING btree (company_id)');
const TABLE = 'relation public.client r p d f f';

describe('what changed in a schema', () => {
  test('the same lines are no change', () => {
    assert.deepEqual(schemaChanges([CLIENT, TABLE], [CLIENT, TABLE]), []);
  });

  test('an index that came or went is told by what it is on', () => {
    assert.deepEqual(schemaChanges([TABLE], [CLIENT, TABLE]), [
      '+ index client_company_idx on client (company_id)',
    ]);
    assert.deepEqual(schemaChanges([CLIENT, TABLE], [TABLE]), [
      '- index client_company_idx on client (company_id)',
    ]);
  });

  test('of an index that was made anew, both are told, and what sets them apart can be seen', () => {
    const other = indexLine(
      'CREATE UNIQUE INDEX client_company_idx ON public.client USING btree (company_id, name DESC) WHERE (id > 7)',
    );
    const invalid = CLIENT.replace(/t f$/, 'f f');
    assert.deepEqual(schemaChanges([CLIENT], [other]), [
      '- index client_company_idx on client (company_id)',
      '+ unique index client_company_idx on client (company_id, name DESC) WHERE (id > 7)',
    ]);
    assert.deepEqual(schemaChanges([CLIENT], [invalid]), [
      '- index client_company_idx on client (company_id)',
      '+ index client_company_idx on client (company_id), not valid',
    ]);
  });

  test('a schema other than public and a method other than btree are told', () => {
    const line = indexLine('CREATE INDEX place_idx ON geo.place USING gist (at)');
    assert.deepEqual(schemaChanges([], [line]), ['+ index geo.place_idx on geo.place using gist (at)']);
  });

  test('anything else is told as the schema says it', () => {
    assert.deepEqual(
      schemaChanges([TABLE], [TABLE, 'column public.client.vip 7 boolean NOT NULL identity= generated=']),
      ['+ column client.vip 7 boolean NOT NULL identity= generated='],
    );
  });
});
