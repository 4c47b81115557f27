import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { catalogueIndex } from '../../test/support/advice-builders.ts';
import type { CatalogueIndex } from './catalogue.ts';
import { judgeExisting } from './judge-existing.ts';
import type { IndexJudgement } from './judge-index.ts';

const EARNING: IndexJudgement = {
  accepted: true,
  failures: [],
  scans: 3,
  blocksSaved: 10,
  blocksAdded: 1,
  walBytesAdded: 0,
  units: [],
  best: null,
  worst: null,
  hotUpdates: { updates: 0, without: 0, with: 0 },
  bytes: 1,
  buildMs: null,
};

const verdict = (
  index: CatalogueIndex,
  others: CatalogueIndex[],
  judgement: IndexJudgement | null = EARNING,
) => {
  const { word, servedBy } = judgeExisting(index, judgement, [index, ...others]);
  return servedBy === null ? word : `${word} of ${servedBy}`;
};
const index = catalogueIndex;

describe('indexes that are there', () => {
  test('one that backs a constraint is never judged', () => {
    assert.equal(verdict(index('t', ['a'], { required: true }), [index('t', ['a', 'b'])], null), 'required');
  });

  test('of two with equal keys one is named, and the unique one stays', () => {
    const [first, second] = [index('t', ['a'], { name: 'a1' }), index('t', ['a'], { name: 'a2' })];
    assert.equal(verdict(first, [second]), 'earns');
    assert.equal(verdict(second, [first]), 'duplicate of a1');
    const unique = index('t', ['a'], { name: 'z', unique: true });
    assert.equal(verdict(first, [unique]), 'duplicate of z');
    assert.equal(verdict(unique, [first]), 'earns');
  });

  test('the beginning of a longer one is served by it, forwards or backwards', () => {
    const short = index('t', ['a']);
    assert.equal(verdict(short, [index('t', ['a', 'b'])]), 'prefix of t_a_b_idx');
    assert.equal(verdict(short, [index('t', ['a-', 'b-'], { name: 'back' })]), 'prefix of back');
    assert.equal(verdict(index('t', ['a', 'b-']), [index('t', ['a', 'b', 'c'])]), 'earns');
  });

  test('what differs in kind serves not: another table, a partial one, an invalid one, missing included columns', () => {
    const short = index('t', ['a'], { included: ['x'] });
    const longer = (overrides: Partial<CatalogueIndex>) => index('t', ['a', 'b'], overrides);
    assert.equal(verdict(short, [longer({ table: 'u', included: ['x'] })]), 'earns');
    assert.equal(verdict(short, [longer({ predicate: 'p', included: ['x'] })]), 'earns');
    assert.equal(verdict(short, [longer({ valid: false, included: ['x'] })]), 'earns');
    assert.equal(verdict(short, [longer({})]), 'earns');
    assert.equal(verdict(short, [longer({ included: ['x'] })]), 'prefix of t_a_b_idx');
  });

  test('a unique index forbids what a longer one allows', () => {
    assert.equal(
      verdict(index('t', ['a'], { unique: true }), [index('t', ['a', 'b'], { unique: true })]),
      'earns',
    );
  });

  test('unused by what was replayed, or not worth its writes', () => {
    assert.equal(verdict(index('t', ['a']), [], { ...EARNING, accepted: false, scans: 0 }), 'unused');
    assert.equal(verdict(index('t', ['a']), [], { ...EARNING, accepted: false }), 'not-worth-its-writes');
  });
});
