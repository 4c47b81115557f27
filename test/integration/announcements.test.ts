import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { marked } from 'marked';
import type { Browser, Page } from 'playwright-core';
import { validateXML } from 'xmllint-wasm';
import { nightJUnit } from '../../harness/announce/night-junit.ts';
import { nightMarkdown } from '../../harness/announce/night-markdown.ts';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import type { NightRecord } from '../../harness/night-record.ts';
import {
  FINE,
  HOSTILE,
  hostileNight,
  nightOf,
  nightScenario,
  nightTiming,
} from '../support/announced-nights.ts';
import { startBrowser } from '../support/browser.ts';
import { scratchFolder } from '../support/command.ts';

const mixed = nightOf([
  nightScenario(),
  FINE,
  nightScenario({
    scenario: 'noisy',
    verdict: 'too-noisy',
    headline: 'dispatch time could not be judged',
    timings: [
      nightTiming({ verdict: 'inconclusive', tooNoisy: true, low: 0.8, high: 1.5 }),
      nightTiming({ metric: 'load phase', role: 'exploratory' }),
    ],
  }),
]);

/** How many cells each row of each table has. */
async function cellCounts(page: Page): Promise<number[][]> {
  const tables = await page.locator('table').all();
  return Promise.all(
    tables.map(async (table) => {
      const rows = await table.locator('tr').all();
      return Promise.all(rows.map((row) => row.locator('th, td').count()));
    }),
  );
}

describe('the Markdown of a night, rendered and opened in a browser', () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser?.close());

  /** The page as a forge renders it: GitHub's Markdown, HTML in it kept. */
  async function rendered(t: { after(work: () => Promise<void>): void }, night: NightRecord) {
    const file = path.join(await scratchFolder(t), 'nightly.html');
    await writeFile(
      file,
      `<!doctype html><meta charset="utf-8"><main>${await marked(nightMarkdown(night), { gfm: true })}</main>`,
    );
    const page = await browser.newPage();
    t.after(() => page.close());
    await page.goto(pathToFileURL(file).href);
    return page;
  }

  test('the first thing that is read is the verdict, and tables have a cell for each heading', async (t) => {
    const page = await rendered(t, mixed);
    assert.match(
      (await page.locator('main > *').first().innerText()) ?? '',
      /^✖ REGRESSED dispatch time \+10\.0 %/,
    );
    assert.deepEqual(await page.locator('h3').allInnerTexts(), [
      'smoke: ✖ regressed',
      'calm: = fine',
      'noisy: ≈ too noisy',
    ]);
    const tables = await cellCounts(page);
    // three of counts, three of gates, one exploratory, two of differences, one of what was measured
    assert.equal(tables.length, 10);
    for (const cells of tables) assert.equal(new Set(cells).size, 1, cells.join());
    const [counted] = await page.locator('table').first().locator('tbody tr').allInnerTexts();
    assert.deepEqual(counted?.split('\t'), ['queries', '7', '9', '+2']); // 9 − 7
  });

  test('counts and gates are seen at once, everything else is folded', async (t) => {
    const page = await rendered(t, mixed);
    assert.equal(await page.locator('details[open]').count(), 0);
    assert.equal(await page.locator('main > table').count(), 6);
    const folded = page.locator('details td', { hasText: 'load phase' });
    assert.equal(await folded.first().isVisible(), false);
    await page.locator('summary', { hasText: 'Exploratory' }).click();
    assert.equal(await folded.first().isVisible(), true);
  });

  test('texts of others are read as they are, and put nothing into the page', async (t) => {
    const page = await rendered(t, hostileNight());
    assert.equal(await page.locator('img, script, a, iframe').count(), 0);
    const shown = (await page.locator('h3').first().innerText()).replaceAll('\u200b', '');
    const written = HOSTILE.replaceAll('\u0007', '').replaceAll('\u202e', '').replace(/\s+/g, ' ');
    assert.equal(shown, `${written}: ✖ regressed`);
    const tables = await cellCounts(page);
    for (const cells of tables) assert.equal(new Set(cells).size, 1, cells.join());
  });
});

describe('the JUnit XML of a night', () => {
  for (const schema of ['JUnit.xsd', 'junit-10.xsd']) {
    test(`holds against ${schema}, whatever the texts in it`, async () => {
      const contents = await readFile(path.join(PROJECT_ROOT, 'test/fixtures/junit', schema), 'utf8');
      const check = (xml: string) =>
        validateXML({
          xml: [{ fileName: 'night.xml', contents: xml }],
          schema: [{ fileName: schema, contents }],
        });
      for (const night of [mixed, hostileNight(), nightOf([])]) {
        const { valid, errors } = await check(nightJUnit(night));
        assert.ok(valid, errors.map(({ message }) => message).join('\n'));
      }
      const broken = await check(nightJUnit(mixed).replaceAll('tests="', 'tets="'));
      assert.equal(broken.valid, false); // the validator does look
    });
  }
});
