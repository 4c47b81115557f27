import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  FINE,
  HOSTILE,
  hostileNight,
  nightOf,
  nightScenario,
  nightTiming,
} from '../../test/support/announced-nights.ts';
import { COMMENT_BYTES, nightMarkdown, nightMarker } from './night-markdown.ts';

const lines = (text: string) => text.trimEnd().split('\n');

test('the first line is the verdict with metric, ratio, interval and what could have been seen, the last line the marker', () => {
  const text = nightMarkdown(nightOf([nightScenario()]));
  assert.equal(
    lines(text)[0],
    '**✖ REGRESSED** dispatch time +10.0 % (98.8 % interval +7.0 % to +13.0 %, 16 pairs); confirmed; ' +
      'would have told a 2 % change from none, and called a 5 % slowdown regressed',
  );
  assert.equal(lines(text).at(-1), '<!-- rushhour:nightly planner -->');
});

test('a headline of counts is followed by the worst gate metric of the scenario that decides', () => {
  const timings = [nightTiming({ metric: 'CPU time', ratio: 1.02, verdict: 'equivalent' }), nightTiming()];
  const counted = nightScenario({ headline: 'queries 7 → 9', timings });
  const first = lines(nightMarkdown(nightOf([counted, FINE])))[0] ?? '';
  assert.match(
    first,
    /REGRESSED\*\* queries 7 → 9; dispatch time \+10\.0 % \(98\.8 % interval \+7\.0 % to \+13\.0 %, 16 pairs\)/,
  );
});

test('too noisy, inconclusive and fine are three different first words', () => {
  const word = (verdict: 'too-noisy' | 'inconclusive' | 'fine') =>
    /^\*\*. (.+?)\*\*/.exec(nightMarkdown(nightOf([nightScenario({ verdict })])))?.[1];
  assert.deepEqual(
    [word('too-noisy'), word('inconclusive'), word('fine')],
    ['TOO NOISY', 'INCONCLUSIVE', 'FINE'],
  );
});

test('a recorded night says that it was not measured', () => {
  assert.match(
    nightMarkdown(nightOf([FINE], { origin: 'recorded' })),
    /\*Recorded: .* not measured this night\.\*/,
  );
  assert.doesNotMatch(nightMarkdown(nightOf([FINE])), /Recorded/);
});

test('texts of others mention nobody, link nowhere, and open no HTML, formula or comment', () => {
  const text = nightMarkdown(hostileNight(), { historyProblems: [HOSTILE], changePoints: [HOSTILE] });
  const open = text.replace(/`` .*? ``|(?<!\\)`[^`\n]+`|^<!-- rushhour:nightly [\w.-]+ -->$/gm, ''); // code and the marker are safe
  assert.doesNotMatch(open, /@everyone|:\/\/|www\.|(?<!\\)#1|(?<!\\)<(img|!--)|(?<!<span>)\$1/);
  for (const unseen of ['\u0007', '\u202e']) assert.ok(!text.includes(unseen));
});

test('a marker cannot be ended by the name of the target', () => {
  assert.equal(nightMarker('a --> <b>'), '<!-- rushhour:nightly a-b- -->');
});

test('what is too long for a comment loses details first, and says what is missing and where it is', () => {
  const difference = (n: number) => ({
    kind: 'statement' as const,
    subject: `SELECT ${n} ${'x'.repeat(300)}`,
    counter: 'calls',
    baseline: 1,
    candidate: 2,
    sentence: 'é'.repeat(500), // two bytes each: characters and bytes differ
  });
  const differences = Array.from({ length: 200 }, (_, n) => difference(n));
  const scenarios = ['one', 'two', 'three'].map((scenario) => nightScenario({ scenario, differences }));
  const text = nightMarkdown(nightOf(scenarios));
  // 50 differences a scenario, each over 1,000 bytes: three times over 50 kB cannot stand in 65,536
  assert.ok(Buffer.byteLength(text) <= COMMENT_BYTES);
  assert.match(text, /### one: .*[\s\S]*### two: [\s\S]*### three: /);
  assert.match(
    text,
    /\*Left out because .*: statements that differ in \w+, .* All of it is in the `results\/`/,
  );
  assert.equal(lines(text).at(-1), '<!-- rushhour:nightly planner -->');
  const whole = nightMarkdown(nightOf(scenarios), undefined, 1_048_576);
  assert.match(whole, /What differs, by statement and index \(200\)[\s\S]*and 150 more/);
  assert.doesNotMatch(whole, /Left out/);
});

test('with a thousand scenarios it is still a whole page that fits', () => {
  const scenarios = Array.from({ length: 1000 }, (_, n) => nightScenario({ scenario: `scenario ${n}` }));
  const text = nightMarkdown(nightOf(scenarios));
  assert.ok(Buffer.byteLength(text) <= COMMENT_BYTES);
  assert.match(text, /Left out because .* and \d+ more/);
  assert.equal(text.match(/<details>/g)?.length ?? 0, text.match(/<\/details>/g)?.length ?? 0);
});
