import assert from 'node:assert/strict';
import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import type { NightRecord } from '../../harness/night-record.ts';
import { COMPARE_STYLE, writeComparePage } from '../../harness/site/compare-page.ts';
import { writeComparisonData } from '../../harness/site/comparison-data.ts';
import { dataFile } from '../../harness/site/data-file.ts';
import { TREND_STYLE, writeTrendPages } from '../../harness/site/trend-pages.ts';
import { writeFrame } from '../../harness/site/write-frame.ts';
import { writeDurably } from '../../harness/store/durable-file.ts';
import { readRuns } from '../../harness/store/read-results.ts';
import { createResultFolder, writeRun } from '../../harness/store/result-folder.ts';
import { assertQuiet, openPage, seriousFindings, serveFolder, startBrowser } from '../support/browser.ts';
import { rushhour, scratchFolder } from '../support/command.ts';
import { buildNight, buildScenario } from '../support/night-builders.ts';
import { buildRun } from '../support/run-builders.ts';

const EXAMPLE = '20261124-184850-experiment-load-a005';
const AGAIN = '20261125-184850-experiment-load-b006';
const WEEK = '20261126-055408-week-full-60a6';

/** 20 is 14 in hex: 1414… */
const commitOf = (number: number) => number.toString(16).padStart(2, '0').repeat(20);

/** 40 nights; from the 21st on a tenth slower, with two more queries; one may not be compared, and one is not there. */
function nightsWithChange(resultId: string): NightRecord[] {
  return Array.from({ length: 40 }, (_, index) => index + 1)
    .filter((number) => number !== 30)
    .map((number) => {
      const slower = number > 20;
      // A wobble of at most 0.6 %, without chance.
      const ratio = (slower ? 1.1 : 1) * (1 + 0.003 * Math.sin(number * 2.4) + 0.003 * Math.cos(number));
      const queries = slower ? 9 : 7;
      const scenario = buildScenario(ratio, {
        resultId: number === 40 ? resultId : null,
        verdict: number === 10 ? 'not-comparable' : slower ? 'regressed' : 'fine',
        refusals: number === 10 ? ['the dataset differs: a against b'] : [],
        headline: slower ? 'dispatch time +10.0 %' : 'dispatch time unchanged',
        counters: [
          {
            metric: 'queries per dispatch',
            unit: 'statements',
            reference: 7,
            candidate: queries,
            repeatsAgree: true,
          },
        ],
      });
      return buildNight(number, {
        scenarios: [scenario],
        origin: number === 40 ? 'measured' : 'recorded',
        candidate: { ref: 'HEAD', commit: commitOf(number), lockfile: null },
      });
    });
}

describe('compare and trend pages in a browser', () => {
  let browser: Browser;
  let root: string;
  let other: string;
  let url: string;
  const fromDisk = (place: string) => {
    const [file = '', hash = ''] = place.split('#');
    return pathToFileURL(path.join(root, file)).href + (hash === '' ? '' : `#${hash}`);
  };
  const stopped: (() => Promise<void>)[] = [];

  before(async () => {
    browser = await startBrowser();
    stopped.push(() => browser.close());
    root = await scratchFolder({ after: (work: () => Promise<void>) => stopped.push(work) } as never);
    const examples = path.resolve(import.meta.dirname, '../../results/examples');
    for (const id of [EXAMPLE, AGAIN])
      await cp(path.join(examples, EXAMPLE), path.join(root, id), { recursive: true });
    await mkdir(path.join(root, WEEK));
    const place = await createResultFolder(root, ['run', 'load', 'baseline']);
    other = place.id;
    await writeRun(place.folder, buildRun({ variant: 'optimised' }, { id: other }));
    const results = [];
    for (const id of [EXAMPLE, AGAIN, other]) {
      const result = await readRuns(root, id);
      await writeComparisonData(root, result);
      const record = result.kind === 'run' ? result.run : result.experiment;
      results.push({ id, kind: result.kind, scenario: record.scenario, variants: [], headline: 'measured' });
    }
    results.push({ id: WEEK, kind: 'week', scenario: 'load', variants: [], headline: 'a week' });
    await writeFrame(root, [COMPARE_STYLE, TREND_STYLE]);
    await writeDurably(
      path.join(root, 'site/data/results.js'),
      dataFile('results', { results, statements: [] }),
    );
    await writeComparePage(root);
    const nights = nightsWithChange(EXAMPLE);
    await writeTrendPages({
      resultsRoot: root,
      nights,
      problems: [],
      results: results.map(({ id, scenario }) => ({ id, scenario, startedAt: '2026-11-24T18:48:50.000Z' })),
    });
    const server = await serveFolder(root);
    stopped.push(() => server.close());
    url = server.url;
  });
  after(async () => {
    for (const stop of stopped.toReversed()) await stop();
  });

  const comparison = (a: string, b: string) => `site/compare.html#a=${a}&b=${b}`;

  test('two experiments that may be compared: the verdict by counts first, and the words of rushhour compare', async () => {
    const watched = await openPage(browser, fromDisk(comparison(EXAMPLE, AGAIN)));
    const { page } = watched;
    await page.waitForSelector('.verdict');
    assert.match((await page.textContent('.verdict .badge')) ?? '', /equivalent/);
    const words = await page.innerText('#comparison');
    const { stdout } = await rushhour(['compare', EXAMPLE, AGAIN, '--results', root]);
    for (const line of String(stdout).split('\n')) {
      const [first = ''] = line.trim().split(/ {2,}|: /);
      assert.ok(words.includes(first), `the page does not say: ${first}`);
    }
    assert.ok((await page.locator('#load svg').count()) >= 4);
    assert.deepEqual(await seriousFindings(page), []);
    await assertQuiet(watched);
  });

  test('two that may not be compared: the refusals, what to do, and no number beside them', async () => {
    const watched = await openPage(browser, `${url}${comparison(EXAMPLE, other)}`);
    const { page } = watched;
    await page.waitForSelector('.verdict');
    assert.match((await page.textContent('.verdict .badge')) ?? '', /not comparable/);
    const { stdout, exitCode } = await rushhour(['compare', EXAMPLE, other, '--results', root]);
    assert.equal(exitCode, 3);
    const refusals = String(stdout)
      .split('\n')
      .flatMap((line) => (line.startsWith('  - ') ? [line.slice(4)] : []));
    assert.ok(refusals.length > 0);
    const shown = await page.locator('.verdict .reasons').first().locator('li').allInnerTexts();
    assert.deepEqual(shown, refusals);
    assert.ok((await page.innerText('.verdict')).includes('What to do:'));
    assert.equal(await page.getByText('Counts per dispatch').count(), 0);
    assert.deepEqual(await seriousFindings(page), []);
    await assertQuiet(watched);
  });

  test('results are searched and chosen by keyboard; a week is refused in words', async () => {
    const { page } = await openPage(browser, fromDisk('site/compare.html'), { colorScheme: 'dark' });
    await page.waitForSelector('#pick-a option');
    await page.focus('#search-a');
    await page.keyboard.type('a005');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(`location.hash.includes('a005')`);
    await page.focus('#search-b');
    await page.keyboard.type('week');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('.verdict');
    assert.match(await page.innerText('.verdict'), /expected a run or an experiment, got a week/);
    assert.deepEqual(await seriousFindings(page), []);
  });

  test('a trend shows its change of level with the commits and the command, and every chart can be downloaded', async () => {
    for (const home of [fromDisk(''), url]) {
      const watched = await openPage(browser, `${home.replace(/\/?$/, '/')}site/trends/index.html`);
      const { page } = watched;
      await page.click('.small-multiples a');
      await page.waitForSelector('#changes');
      const change = page.locator('.change').first();
      assert.match(await change.innerText(), /dispatch time \+\d+\.\d % from 2\d Oct 2026/);
      // The 20th night is the last quick one, the 21st the first slow one.
      assert.match(
        await change.locator('pre').innerText(),
        new RegExp(`--good ${commitOf(20).slice(0, 12)} --bad ${commitOf(21).slice(0, 12)} --scenario load`),
      );
      const data = page.locator('a[download][href$=".csv"]').first();
      if (home === url) {
        const [download] = await Promise.all([page.waitForEvent('download'), data.click()]);
        const text = await readFile(await download.path(), 'utf8');
        // 40 nights without the one that is not there and the one that may not be compared, and the heading.
        assert.equal(text.trim().split('\r\n').length, 39);
      }
      for (const href of await page.locator('.downloads a').evaluateAll((links) => links.map(String)))
        assert.ok((await readFile(path.join(root, 'site/trends/charts', path.basename(href)))).length > 0);
      assert.equal(await page.locator('table.broad tbody tr').count(), 39);
      assert.match(await page.innerText('table.broad tbody tr'), /✖ regressed/);
      assert.deepEqual(await seriousFindings(page), []);
      await assertQuiet(watched);
    }
  });

  test('without script the trends are read all the same, and on paper nothing is cut off', async () => {
    const { page } = await openPage(browser, fromDisk('site/trends/index.html'), {
      javaScriptEnabled: false,
    });
    await page.click('.small-multiples a');
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.wide svg').first().isVisible(), true);
    const [content, width] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    );
    assert.ok(content <= width, `${content} wide in ${width}`);
  });
});
