import assert from 'node:assert/strict';
import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { TopLevelSpec } from 'vega-lite';
import { writeAdviceReport } from '../../harness/advice/write-advice-report.ts';
import { AdviceRecord } from '../../harness/advice-record.ts';
import { ProfileRecord } from '../../harness/profile-record.ts';
import { chartRows } from '../../harness/report/chart-rows.ts';
import { csvText } from '../../harness/report/csv.ts';
import { writeWeekReport } from '../../harness/report/week/write-week-report.ts';
import { writeProfileReport } from '../../harness/report/write-profile.ts';
import { writeReport } from '../../harness/report/write-report.ts';
import { buildSite } from '../../harness/site/build-site.ts';
import { writeRun } from '../../harness/store/result-folder.ts';
import { assertQuiet, openPage, seriousFindings, serveFolder, startBrowser } from '../support/browser.ts';
import { scratchFolder } from '../support/command.ts';
import { buildRun } from '../support/run-builders.ts';
import { buildWeek } from '../support/week-builders.ts';

const RUN_ID = '20261126-120000-run-load-baseline-aaaa';
const WEEK_ID = '20261126-130000-week-full-bbbb';
/** Real ones: their statements and plans are as long as they come. */
const EXAMPLES = path.resolve(import.meta.dirname, '../../results/examples');
const PROFILE_ID = '20261126-015908-profile-baseline-23f3';
const ADVICE_ID = '20261126-020028-advise-baseline-e542';

const PAGES = {
  'a run': `${RUN_ID}/report/index.html`,
  'a week': `${WEEK_ID}/report/index.html`,
  'a day of a week': `${WEEK_ID}/report/day-5.html`,
  'a profile': `${PROFILE_ID}/report/index.html`,
  'an advice': `${ADVICE_ID}/report/index.html`,
};

describe('pages of single results in a browser', () => {
  let browser: Browser;
  let root: string;
  let url: string;
  const stopped: (() => Promise<void>)[] = [];
  const fromDisk = (place: string) => pathToFileURL(path.join(root, place)).href;

  before(async () => {
    browser = await startBrowser();
    stopped.push(() => browser.close());
    root = await scratchFolder({ after: (work: () => Promise<void>) => stopped.push(work) } as never);
    const run = buildRun({}, { id: RUN_ID });
    await mkdir(path.join(root, RUN_ID));
    await writeRun(path.join(root, RUN_ID), run);
    await writeReport({ kind: 'run', run }, path.join(root, RUN_ID, 'report'));
    await writeWeekReport({ ...buildWeek(), id: WEEK_ID }, path.join(root, WEEK_ID, 'report'));
    for (const id of [PROFILE_ID, ADVICE_ID])
      await cp(path.join(EXAMPLES, id), path.join(root, id), { recursive: true });
    const stored = async (file: string) => JSON.parse(await readFile(path.join(root, file), 'utf8'));
    const profile = ProfileRecord.parse(await stored(`${PROFILE_ID}/profile.json`));
    await writeProfileReport(profile, path.join(root, PROFILE_ID, 'report'));
    const advice = AdviceRecord.parse(await stored(`${ADVICE_ID}/advice.json`));
    await writeAdviceReport(advice, path.join(root, ADVICE_ID));
    await buildSite({ resultsRoot: root, historyFile: path.join(root, 'none.ndjson') });
    const server = await serveFolder(root);
    stopped.push(() => server.close());
    url = server.url;
  });
  after(async () => {
    for (const stop of stopped.toReversed()) await stop();
  });

  for (const [name, place] of Object.entries(PAGES)) {
    test(`${name}: in light, in dark and at 360 px nothing is wrong, moves, sticks out or asks another host`, async () => {
      for (const options of [
        { colorScheme: 'light' as const },
        { colorScheme: 'dark' as const, viewport: { width: 360, height: 780 } },
      ]) {
        const watched = await openPage(browser, fromDisk(place), options);
        assert.deepEqual(await seriousFindings(watched.page), []);
        assert.ok(!(await sticksOut(watched.page)));
        await assertQuiet(watched);
      }
    });
  }

  test('every chart has five files to download, and they are what they say', async () => {
    for (const place of [PAGES['a run'], PAGES['a week'], PAGES['a profile']]) {
      const { page } = await openPage(browser, fromDisk(place));
      const charts = await page.locator('figure.card').count();
      const hrefs = await page
        .locator('.downloads a')
        .evaluateAll((links) => links.map((link) => String(link)));
      assert.equal(hrefs.length, 5 * charts);
      const files = hrefs.map((href) => path.join(root, path.dirname(place), 'charts', path.basename(href)));
      for (const spec of files.filter((file) => file.endsWith('.vl.json'))) {
        const base = spec.slice(0, -'.vl.json'.length);
        const drawn = JSON.parse(await readFile(spec, 'utf8')) as TopLevelSpec;
        assert.equal(await readFile(`${base}.csv`, 'utf8'), csvText(chartRows(drawn)));
        assert.match(await readFile(`${base}.svg`, 'utf8'), /^<svg /);
        // The signature of a PNG (PNG specification, 5.2).
        assert.equal((await readFile(`${base}.png`)).subarray(1, 4).toString(), 'PNG');
        assert.match(await readFile(`${base}.txt`, 'utf8'), /\n- .*\d/);
      }
    }
  });

  test('a chart is downloaded by keyboard, with the numbers it is drawn from', async () => {
    const { page } = await openPage(browser, `${url}${PAGES['a run']}`);
    const link = page.locator('#chart-queries-per-dispatch .downloads a[href$=".csv"]');
    await link.focus();
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    assert.equal(download.suggestedFilename(), 'queries-per-dispatch.csv');
    assert.match(await readFile(await download.path(), 'utf8'), /^variant,queries,.*\r\nbaseline,\d+/);
  });

  test('a drawing is described by its numbers to those who cannot see it, and the words unfold for all', async () => {
    const { page } = await openPage(browser, fromDisk(PAGES['a run']));
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const told = nodes
      .filter(({ role, ignored }) => !ignored && role?.value === 'image')
      .map(({ description }) => String(description?.value ?? ''));
    // One of the two drawings of each chart is shown at a time.
    assert.equal(told.length, await page.locator('figure.card').count());
    for (const text of told) assert.match(text, /\d/);
    const words = page.locator('#chart-queries-per-dispatch .words');
    await words.locator('summary').focus();
    await page.keyboard.press('Enter');
    assert.match(await words.locator('li').first().innerText(), /^baseline: queries \d+/);
  });

  for (const how of ['from disk', 'served'] as const) {
    test(`${how}, a page has the theme that was chosen on the site, also when it is chosen in another tab`, async () => {
      const base = how === 'served' ? url : `${pathToFileURL(root).href}/`;
      const watched = await openPage(browser, `${base}index.html`, { colorScheme: 'light' });
      const { page } = watched;
      const light = await paintOf(page);
      await page.getByLabel('Theme').selectOption('dark');
      const dark = await paintOf(page);
      assert.notEqual(dark, light);
      await page.goto(`${base}${PAGES['a run']}`);
      assert.equal(await paintOf(page), dark);
      assert.deepEqual(await seriousFindings(page), []);
      await assertQuiet(watched);
      const other = await page.context().newPage();
      await other.goto(`${base}index.html`);
      await other.getByLabel('Theme').selectOption('auto');
      await page.waitForFunction(`getComputedStyle(document.body).backgroundColor === '${light}'`);
    });
  }

  test('without script a page goes by the system, and no script but its own would run', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const place = fromDisk(PAGES['a run']);
      const silent = await openPage(browser, place, { colorScheme, javaScriptEnabled: false });
      const drawn = await silent.page.screenshot();
      const { page } = await openPage(browser, place, { colorScheme });
      assert.ok(drawn.equals(await page.screenshot()));
    }
    const { page, complaints } = await openPage(browser, fromDisk(PAGES['a run']));
    await page.evaluate(`{
      const script = document.createElement('script');
      script.textContent = 'window.stranger = true';
      document.head.append(script);
    }`);
    assert.equal(await page.evaluate('window.stranger'), undefined);
    assert.equal(complaints.filter((text) => text.includes('Content Security Policy')).length, 1);
  });

  for (const how of ['from disk', 'served'] as const) {
    test(`${how}, a page leads back to the list, to the trends, and to the comparison with the result chosen`, async () => {
      const address = how === 'served' ? `${url}${PAGES['a run']}` : fromDisk(PAGES['a run']);
      const { page } = await openPage(browser, address);
      await page.keyboard.press('Tab');
      assert.equal(await page.locator(':focus').innerText(), 'Skip to the content');
      await page.getByRole('link', { name: 'Compare this' }).click();
      await page.waitForSelector('#pick-a option');
      assert.equal(await page.locator('#pick-a').inputValue(), RUN_ID);
      await page.goto(address);
      await page.getByRole('link', { name: 'Trends' }).click();
      await page.waitForURL(/site\/trends\/index\.html$/);
      await page.goto(address);
      await page.getByRole('link', { name: 'Results' }).click();
      await page.locator(`a.name[href*="${RUN_ID}"]`).click();
      await page.waitForURL(new RegExp(`${RUN_ID}/report/index\\.html$`));
    });
  }

  for (const [name, place] of Object.entries(PAGES).slice(-2)) {
    test(`${name}: with all of it unfolded nothing is wrong and nothing sticks out at 360 px`, async () => {
      const { page } = await openPage(browser, fromDisk(place), { viewport: { width: 360, height: 780 } });
      await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
      assert.deepEqual(await seriousFindings(page), []);
      assert.ok(!(await sticksOut(page)));
    });

    for (const how of ['from disk', 'served'] as const) {
      test(`${how}, ${name} is reached from its row in the list, and leads back`, async () => {
        const { page } = await openPage(
          browser,
          how === 'served' ? `${url}index.html` : fromDisk('index.html'),
        );
        await page.locator(`a.name[href*="${place.split('/')[0]}"]`).click();
        await page.waitForURL(new RegExp(`${place}$`));
        const rooms = await page.locator('.rooms a').allInnerTexts();
        assert.deepEqual(rooms, ['Results', 'Compare', 'Trends']);
        await page.getByRole('link', { name: 'Results' }).click();
        await page.waitForURL(/\/index\.html$/);
      });
    }
  }

  test('a number in the list of findings unfolds the finding', async () => {
    const { page } = await openPage(browser, fromDisk(PAGES['a profile']));
    assert.ok(!(await isShown(page, '#finding-2')));
    await page.locator('a[href="#finding-2"]').focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('details[open] > #finding-2');
    assert.ok(await isShown(page, '#finding-2'));
  });

  test('the migration of an advice can be had from its page', async () => {
    const { page } = await openPage(browser, `${url}${PAGES['an advice']}`);
    const link = page.getByRole('link', { name: 'add_performance_indexes.up.sql' });
    const answer = await fetch(new URL((await link.getAttribute('href')) ?? '', page.url()));
    assert.match(await answer.text(), /^CREATE INDEX CONCURRENTLY/m);
  });

  test('what is folded is on paper', async () => {
    for (const [place, folded] of [
      [PAGES['a profile'], '#finding-13'],
      [PAGES['a profile'], '#plan-10 .plan'],
      [PAGES['an advice'], '#index-8'],
    ] as const) {
      const { page } = await openPage(browser, fromDisk(place));
      assert.ok(!(await isShown(page, folded)));
      await page.emulateMedia({ media: 'print' });
      assert.ok(await isShown(page, folded), folded);
      assert.ok(!(await sticksOut(page)));
    }
  });

  test('on paper there is the drawing for a desk, and nothing to click', async () => {
    const { page } = await openPage(browser, fromDisk(PAGES['a run']), { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    assert.ok(await page.locator('.wide svg').first().isVisible());
    for (const one of ['.downloads', '.words', '.rooms'])
      assert.ok(!(await page.locator(one).first().isVisible()), one);
    assert.ok(!(await sticksOut(page)));
    assert.equal(await paintOf(page), 'rgb(255, 255, 255)');
  });
});

async function paintOf(page: Page): Promise<string> {
  return page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
}

async function sticksOut(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  );
}

async function isShown(page: Page, selector: string): Promise<boolean> {
  return page.evaluate<boolean>(`document.querySelector(${JSON.stringify(selector)}).checkVisibility()`);
}
