import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failedStage } from './dataset-stage.ts';

const cases: [message: string, lastProgress: string, stage: string][] = [
  ['database.extensions: postgis: could not open extension control file.', '', 'database'],
  ['database.settings.jit: PostgreSQL refuses "maybe".', '', 'database'],
  ['dataset.schema[1] (schema.sql), line 3: PostgreSQL says: syntax error.', '', 'schema'],
  ['dataset.seed[0]: node seed.js failed', 'dataset.seed[0]: node seed.js', 'data'],
  ['dataset.copyOf: there is no database "shop".', '', 'data'],
  ['The rows of the config do not fit the schema (one problem):', 'dataset.schema[0]: SQL', 'data'],
  ['dispatch.offers: expected one offer or more, got none.', 'dataset.seed[0]: SQL', 'offers'],
  ['The connection to postgres://x was lost.', 'dataset.schema[0]: SQL', 'schema'],
];

for (const [message, lastProgress, stage] of cases)
  test(`"${message}" is of the stage ${stage}`, () => {
    assert.equal(failedStage(message, lastProgress), stage);
  });
