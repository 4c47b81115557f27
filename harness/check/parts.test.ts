import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HarnessError } from '../errors.ts';
import { describePart, given, type Part, type PartLine, Parts } from './parts.ts';

const part = (name: string, variant?: string): Part => ({
  ...{ name, label: name, remedy: `correct ${name}` },
  ...(variant === undefined ? {} : { variant }),
});
const works = async () => ({ value: 1, detail: 'fine' });
const fails = (code: 'BAD_CONFIG' | 'REFUSED', hint?: string) => async () => {
  throw new HarnessError(code, 'it does not fit', hint === undefined ? {} : { hint });
};

function start(signal = new AbortController().signal) {
  const told: PartLine[] = [];
  return { told, parts: new Parts(signal, (line) => told.push(line)) };
}

describe('parts', () => {
  test('are told as they end, and give what they found to those that need it', async () => {
    const { parts, told } = start();
    const first = await parts.try(part('one'), [], works);
    await parts.try(part('two', 'before'), [first], async () => ({
      value: null,
      detail: `${given(first)} found`,
    }));
    assert.deepEqual(
      told.map(({ status, variant, detail }) => [status, variant, detail]),
      [
        ['ok', null, 'fine'],
        ['ok', 'before', '1 found'],
      ],
    );
    assert.deepEqual(parts.lines, told);
  });

  test('that fail keep those from being tried that need them, also by way of others', async () => {
    const { parts, told } = start();
    const first = await parts.try(part('one', 'before'), [], fails('BAD_CONFIG', 'mend it'));
    const second = await parts.try(part('two'), [first], works);
    await parts.try(part('three'), [second], works);
    await parts.try(part('four'), [], works);
    assert.deepEqual(
      told.map(({ status, detail, remedy }) => [status, detail, remedy]),
      [
        ['problem', 'it does not fit', 'mend it'],
        ['not-tried', 'not tried: it needs "before · one"', null],
        ['not-tried', 'not tried: it needs "two"', null],
        ['ok', 'fine', null],
      ],
    );
    assert.equal(parts.refusal, null);
  });

  test('have a remedy of their own where an error has none', async () => {
    const { parts, told } = start();
    await parts.try(part('one'), [], fails('BAD_CONFIG'));
    assert.equal(told[0]?.remedy, 'correct one');
  });

  test('that are refused: the first is remembered', async () => {
    const { parts } = start();
    await parts.try(part('one'), [], fails('REFUSED', 'first'));
    await parts.try(part('two'), [], fails('REFUSED'));
    assert.equal(parts.refusal?.hint, 'first');
  });

  test('that were found to be a problem give nothing; a warning gives all it found', async () => {
    const { parts } = start();
    const problem = await parts.try(part('one'), [], async () => ({
      ...{ value: 1, detail: 'none', status: 'problem' as const },
    }));
    assert.equal(problem.works, null);
    assert.throws(() => given(problem), /"one" does not work/);
    const odd = await parts.try(part('two'), [], async () => ({ value: 2, detail: 'fine', notes: ['odd'] }));
    assert.equal(given(odd), 2);
    assert.equal(parts.lines.at(-1)?.status, 'warning');
  });

  test('end with the reason of the signal, which is no problem of the part', async () => {
    const stop = new AbortController();
    const { parts, told } = start(stop.signal);
    const reason = new HarnessError('INTERRUPTED', 'Interrupted by SIGINT.');
    const interrupted = parts.try(part('one'), [], async () => {
      stop.abort(reason);
      throw new Error('socket hang up');
    });
    await assert.rejects(interrupted, reason);
    assert.deepEqual(told, []);
  });
});

test('a line has what is odd and the remedy below it, and lists are indented', () => {
  const line = { name: 'data', label: 'data', variant: 'before', detail: 'two problems:\na\nb' };
  assert.equal(
    describePart({ ...line, status: 'problem', notes: ['It is late.'], remedy: 'Mend it.' }),
    ['✖ before · data: two problems:', '    a', '    b', '  ! It is late.', '  → Mend it.'].join('\n'),
  );
  assert.equal(
    describePart({ ...line, variant: null, status: 'not-tried', detail: 'no', notes: [], remedy: null }),
    '· data: no',
  );
});
