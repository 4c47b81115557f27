import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { measurementOf, statementCosts } from '../../test/support/advice-builders.ts';
import { addIndexes, type Chooser, exchangeIndexes, leaveEachOut } from './choose-indexes.ts';
import { judgeIndex } from './judge-index.ts';
import type { Measurement } from './measurement.ts';

/** Blocks of each of two statements with these indexes: the best index counts, and each costs the write `upkeep`. */
interface World {
  readonly helps: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly upkeep: Readonly<Record<string, number>>;
}

const START = 1_000;

function chooserOf({ helps, upkeep }: World): Chooser<string> & { measured: string[] } {
  const measured: string[] = [];
  const blocksOf = (statement: string, indexes: readonly string[]) =>
    Math.min(START, ...indexes.map((index) => helps[index]?.[statement] ?? START));
  const measure = async (indexes: readonly string[]): Promise<Measurement> => {
    measured.push(indexes.join('+'));
    const written = indexes.reduce((sum, index) => sum + (upkeep[index] ?? 0), 10);
    return measurementOf(
      [
        ...['SELECT a', 'SELECT b'].map((statement) =>
          statementCosts({ statement, blocks: blocksOf(statement, indexes) }),
        ),
        statementCosts({ statement: 'INSERT INTO t', blocks: written }),
      ],
      { indexScans: new Map(indexes.map((index) => [index, 1])) },
    );
  };
  return {
    measured,
    measure,
    judge: (name, without, withIndex) =>
      judgeIndex(
        { name, table: 't', bytes: 1, buildMs: 1, tableBytes: 2 },
        { initial: without, without, withIndex, stable: new Set() },
      ),
    related: () => true,
    alike: () => true,
  };
}

const choose = async (world: World, candidates: string[]) => {
  const chooser = chooserOf(world);
  const start = { indexes: [], measurement: await chooser.measure([]) };
  return { ...(await addIndexes(start, candidates, chooser)), chooser };
};

describe('choosing indexes that are had together', () => {
  test('the best is taken first, and one that adds nothing on top of it is refused', async () => {
    const { set, refused } = await choose(
      { helps: { good: { 'SELECT a': 50 }, better: { 'SELECT a': 10 } }, upkeep: { good: 5, better: 5 } },
      ['good', 'better'],
    );
    assert.deepEqual(set.indexes, ['better']);
    assert.deepEqual(
      refused.map(({ index, beside }) => [index, beside]),
      [['good', ['better']]],
    );
    assert.match(refused[0]?.judgement.failures.join() ?? '', /no statement needs fewer blocks/);
  });

  test('indexes of different statements are both taken', async () => {
    const { set } = await choose(
      { helps: { one: { 'SELECT a': 10 }, two: { 'SELECT b': 20 } }, upkeep: { one: 5, two: 5 } },
      ['one', 'two'],
    );
    assert.deepEqual(set.indexes, ['one', 'two']);
  });

  test('one whose writes cost more than it saves is refused alone and not tried again', async () => {
    const { set, refused, chooser } = await choose(
      { helps: { dear: { 'SELECT a': 500 }, cheap: { 'SELECT b': 10 } }, upkeep: { dear: 400, cheap: 1 } },
      ['dear', 'cheap'],
    );
    assert.deepEqual(set.indexes, ['cheap']);
    assert.match(refused[0]?.judgement.failures.join() ?? '', /it saves 500 blocks and costs 400 blocks/);
    assert.ok(!chooser.measured.includes('cheap+dear'));
  });

  test('one that others have made useless is left out at the end, and what remains is judged without it', async () => {
    const chooser = chooserOf({
      helps: {
        both: { 'SELECT a': 10, 'SELECT b': 10 },
        first: { 'SELECT a': 10 },
        second: { 'SELECT b': 10 },
      },
      upkeep: { both: 1, first: 1, second: 1 },
    });
    const indexes = ['first', 'both', 'second'];
    const { set, refused, judged } = await leaveEachOut(
      { indexes, measurement: await chooser.measure(indexes) },
      chooser,
    );
    // second and first add nothing beside both; the last added is looked at first
    assert.deepEqual(
      refused.map(({ index }) => index),
      ['second', 'first'],
    );
    assert.deepEqual(set.indexes, ['both']);
    assert.deepEqual(
      judged.map(({ index, judgement }) => [index, judgement.blocksSaved]),
      [['both', 1_980]],
    );
  });

  test('one that serves both statements takes the place of two that were taken before it', async () => {
    const chooser = chooserOf({
      helps: {
        first: { 'SELECT a': 10 },
        second: { 'SELECT b': 10 },
        both: { 'SELECT a': 10, 'SELECT b': 11 },
      },
      upkeep: { first: 50, second: 50, both: 40 },
    });
    const indexes = ['first', 'second'];
    const start = { indexes, measurement: await chooser.measure(indexes) };
    const { set: exchanged, replaced } = await exchangeIndexes(start, ['both'], chooser);
    // 10 + 10 + 110 with two; second and both 10 + 10 + 100
    assert.deepEqual(exchanged.indexes, ['second', 'both']);
    assert.deepEqual(replaced, [{ index: 'first', by: 'both', cost: 130, costInItsPlace: 120 }]);
    const { set } = await leaveEachOut(exchanged, chooser);
    assert.deepEqual(set.indexes, ['both']);
  });

  test('nothing is exchanged for what costs as much', async () => {
    const chooser = chooserOf({
      helps: { one: { 'SELECT a': 10 }, other: { 'SELECT a': 10 } },
      upkeep: { one: 5, other: 5 },
    });
    const start = { indexes: ['one'], measurement: await chooser.measure(['one']) };
    assert.deepEqual(await exchangeIndexes(start, ['other'], chooser), { set: start, replaced: [] });
  });
});
