import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildNight } from '../../test/support/night-builders.ts';
import { readHistoryLines } from './history-lines.ts';

const NIGHTS = [1, 2, 3, 4, 5, 6].map((number) => buildNight(number));
const LINES = NIGHTS.map((night) => JSON.stringify(night));
const [ONE = '', TWO = '', THREE = ''] = LINES;

const read = (text: string | Uint8Array) => {
  const { nights, problems } = readHistoryLines(typeof text === 'string' ? Buffer.from(text) : text);
  return {
    ids: nights.map(({ id }) => id),
    kinds: problems.map(({ kind }) => kind),
    texts: problems.map(({ text: words }) => words),
  };
};

describe('lines of a history', () => {
  test('cut at every byte: each whole line before the cut is there, and what breaks off is told', () => {
    const bytes = Buffer.from(LINES.map((line) => `${line}\n`).join(''));
    const ends: number[] = []; // of the records, their line feeds not counted
    for (const line of LINES) ends.push((ends.at(-1) ?? -1) + 1 + Buffer.byteLength(line));
    for (let cut = 0; cut <= bytes.length; cut++) {
      const { nights, problems } = readHistoryLines(bytes.subarray(0, cut));
      const whole = ends.filter((end) => end <= cut).length;
      assert.deepEqual(
        nights.map(({ id }) => id),
        NIGHTS.slice(0, whole).map(({ id }) => id),
        `cut after ${cut} bytes`,
      );
      const atEnd = cut === 0 || ends.some((end) => cut === end || cut === end + 1);
      assert.equal(
        problems.filter(({ kind }) => kind === 'torn').length,
        atEnd ? 0 : 1,
        `cut after ${cut} bytes`,
      );
    }
    assert.deepEqual(readHistoryLines(bytes), { nights: NIGHTS, problems: [] });
  });

  test('a night that was appended to half a line without a line feed is read', () => {
    for (let cut = 1; cut < ONE.length; cut++) {
      const { ids, kinds } = read(`${ONE.slice(0, cut)}${TWO}\n`);
      assert.deepEqual([ids, kinds], [['night-002'], ['torn']], `half of ${cut} characters`);
    }
  });

  test('the tail of a line whose beginning is gone costs no other night', () => {
    assert.deepEqual(read(`${ONE.slice(30)}\n${TWO}\n`).ids, ['night-002']);
    assert.deepEqual(read(`${ONE.slice(30)}${TWO}${THREE}\n`).ids, ['night-002', 'night-003']);
  });

  test('two nights that were glued together are two', () => {
    assert.deepEqual(read(`${ONE}${TWO}\n`), { ids: ['night-001', 'night-002'], kinds: [], texts: [] });
  });

  test('conflict markers of git are told, and the nights of both sides are read', () => {
    const { ids, texts } = read(
      `${ONE}\n<<<<<<< HEAD\n${TWO}\n||||||| base\n=======\n${THREE}\n>>>>>>> other\n`,
    );
    assert.deepEqual(ids, ['night-001', 'night-002', 'night-003']);
    const words = 'a conflict marker of git; the nights of both sides are read';
    assert.deepEqual(
      texts,
      [2, 4, 5, 7].map((line) => `line ${line}: ${words}`),
    );
  });

  test('line ends of Windows and the mark that its editors write are no problem', () => {
    assert.deepEqual(read(`\uFEFF${ONE}\r\n${TWO}\r\n\r\n`), {
      ids: ['night-001', 'night-002'],
      kinds: [],
      texts: [],
    });
  });

  test('a line that is there twice counts once, whatever the order of its fields', () => {
    const turned = JSON.stringify(Object.fromEntries(Object.entries(NIGHTS[0] ?? {}).reverse()));
    assert.deepEqual(read(`${ONE}\n${TWO}\n${turned}\n`), {
      ids: ['night-001', 'night-002'],
      kinds: ['duplicate'],
      texts: ['line 3: the night night-001 again, as on line 1; it counts once'],
    });
  });

  test('of two nights with one id the first is taken, and that is told', () => {
    const other = JSON.stringify(buildNight(1, { headline: 'another' }));
    const { nights, problems } = readHistoryLines(Buffer.from(`${ONE}\n${other}\n`));
    assert.deepEqual(nights, NIGHTS.slice(0, 1));
    assert.deepEqual(problems, [
      {
        line: 2,
        kind: 'contradiction',
        text: 'line 2: another night with the id night-001 of line 1; the first is taken',
      },
    ]);
  });

  test('a night of another version is kept out and named', () => {
    const newer = ONE.replace('rushhour.night/1', 'rushhour.night/2');
    assert.deepEqual(read(`${newer}\n${TWO}\n`), {
      ids: ['night-002'],
      kinds: ['newer'],
      texts: [
        'line 1: the night night-001 comes from another rushhour (rushhour.night/2); it stays in the file',
      ],
    });
  });

  test('NUL bytes that a torn write left cost nothing but themselves', () => {
    const nul = Buffer.alloc(512);
    const { ids, kinds } = read(Buffer.concat([Buffer.from(`${ONE}\n`), nul, Buffer.from(`${TWO}\n`), nul]));
    assert.deepEqual([ids, kinds], [['night-001', 'night-002'], []]);
    const half = Buffer.concat([Buffer.from(ONE.slice(0, 99)), nul, Buffer.from(`\n${TWO}\n`)]);
    assert.deepEqual(read(half), {
      ids: ['night-002'],
      kinds: ['torn'],
      texts: ['line 1: a night that breaks off after 99 bytes; what was measured is in its results alone'],
    });
  });

  test('bytes that are not UTF-8 inside of a whole night are told, and the night is read', () => {
    const bytes = Buffer.from(`${ONE}\n`);
    bytes[ONE.indexOf('unchanged')] = 0xff;
    assert.deepEqual(read(bytes), {
      ids: ['night-001'],
      kinds: ['encoding'],
      texts: ['line 1: not UTF-8; what cannot be read is shown as �'],
    });
  });

  test('JSON that is no night says what it lacks, and an instant that is none is refused', () => {
    const noInstant = JSON.stringify(buildNight(1, { at: 'yesterday' }));
    const { ids, texts } = read(`{"schema":"rushhour.night/1","id":7}\n42\n${noInstant}\n${TWO}\n`);
    assert.deepEqual(ids, ['night-002']);
    assert.deepEqual(texts, [
      'line 1: no night: id: expected string, got 7',
      'line 2: no night: the record: expected object, got 42',
      'line 3: no night: at: expected an instant, got "yesterday"',
    ]);
  });

  test('an empty file has no nights and no problems', () => {
    assert.deepEqual(read(''), { ids: [], kinds: [], texts: [] });
  });
});
