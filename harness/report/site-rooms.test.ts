import assert from 'node:assert/strict';
import { test } from 'node:test';
import { siteLinks } from './site-rooms.ts';

const hrefs = (id: string, isComparable: boolean) => siteLinks({ id, isComparable }).map(({ href }) => href);

test('from report/ of a result the site is two folders up, and the comparison has the result chosen', () => {
  assert.deepEqual(hrefs('20261124-run-a', true), [
    '../../index.html',
    '../../site/compare.html#a=20261124-run-a',
    '../../site/trends/index.html',
  ]);
});

test('what is part of a week is a folder deeper, and is not chosen', () => {
  assert.deepEqual(hrefs('20261126-week-a/ladder', true), [
    '../../../index.html',
    '../../../site/compare.html',
    '../../../site/trends/index.html',
  ]);
});

test('an id cannot leave the address that it is put into', () => {
  assert.equal(hrefs('a&b=c"#', true)[1], '../../site/compare.html#a=a%26b%3Dc%22%23');
});
