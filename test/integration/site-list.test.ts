import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { buildSite } from '../../harness/site/build-site.ts';
import { writeEnd } from '../../harness/store/experiment-folder.ts';
import { writeRun } from '../../harness/store/result-folder.ts';
import {
  assertQuiet,
  assertSilent,
  openPage,
  seriousFindings,
  serveFolder,
  startBrowser,
} from '../support/browser.ts';
import { buildExperiment } from '../support/experiment-builders.ts';
import { buildRun } from '../support/run-builders.ts';

const EXAMPLES = path.resolve(import.meta.dirname, '../../results/examples');
const EXPERIMENT = '20261124-184850-experiment-load-a005';
const WEEK = '20261126-055408-week-full-60a6';
const BROKEN = '20261125-101010-run-smoke-beef';

const browser = await startBrowser();
const folder = await mkdtemp(path.join(tmpdir(), 'rushhour list '));
const served = await serveFolder(folder);
after(async () => {
  await browser.close();
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

/** Two runs of a branch, the examples, and a folder without an end record: six results. */
for (const id of [EXPERIMENT, WEEK, '20261126-020028-advise-baseline-e542'])
  await cp(path.join(EXAMPLES, id), path.join(folder, id), { recursive: true });
for (const [id, variant] of [
  ['20261127-100000-run-stress-0001', 'optimised'],
  ['20261127-110000-run-stress-0002', '<b>hostile</b>'],
] as const) {
  await mkdir(path.join(folder, id));
  const run = buildRun({ scenario: 'stress', variant });
  const target = { name: 'reference', configDigest: null, sourceCommit: null, branch: 'faster/dispatch' };
  await writeRun(path.join(folder, id), {
    ...{ ...run, startedAt: `2026-11-27T1${id.slice(-1)}:00:00.000Z` },
    environment: { ...run.environment, target },
  });
}
await mkdir(path.join(folder, BROKEN));
for (const id of [EXPERIMENT, WEEK])
  await writeFile(path.join(folder, id, 'report', 'index.html'), `<!doctype html><title>${id}</title>`);
const options = { resultsRoot: folder, historyFile: path.join(folder, 'none.ndjson') };
const built = await buildSite(options);

const PLACES = { 'from disk': pathToFileURL(path.join(folder, 'index.html')).href, served: served.url };

const shownIds = (page: Page) => page.locator('.results tbody tr:visible .id').allInnerTexts();
const field = (page: Page, label: string) => page.getByRole('combobox', { name: label, exact: true });
const choose = (page: Page, label: string, value: string) => field(page, label).selectOption(value);

test('every result is listed, newest first, and one that cannot be read with the reason', () => {
  assert.equal(built.results, 6);
  assert.deepEqual(
    built.listed.map(({ id }) => id),
    built.listed
      .map(({ id }) => id)
      .sort()
      .reverse(),
  );
  assert.deepEqual(built.leftOut, [
    { id: BROKEN, reason: `${BROKEN} holds no end record: that result is incomplete.` },
  ]);
});

for (const [how, url] of Object.entries(PLACES)) {
  test(`the list ${how} is narrowed by search and filters, which the address keeps and the way back undoes`, async () => {
    const watched = await openPage(browser, url);
    const { page } = watched;
    const count = page.getByRole('status');
    assert.equal((await shownIds(page)).length, 6);
    await assertQuiet(watched);
    await choose(page, 'Scenario', 'stress');
    await page.waitForURL(/#scenario=stress$/);
    assert.equal((await shownIds(page)).length, 2);
    assert.equal(await count.innerText(), '2 of 6 results, scenario stress, newest first');
    await choose(page, 'Variant', 'optimised');
    assert.deepEqual(await shownIds(page), ['20261127-100000-run-stress-0001']);
    await page.goBack();
    assert.equal((await shownIds(page)).length, 2);
    assert.equal(await field(page, 'Variant').inputValue(), '');
    await page.getByRole('button', { name: 'Show all' }).first().click();
    await choose(page, 'Verdict', 'improved');
    assert.deepEqual(await shownIds(page), [EXPERIMENT]);
    await choose(page, 'Verdict', '');
    await choose(page, 'Branch', 'faster/dispatch');
    assert.equal((await shownIds(page)).length, 2);
    await choose(page, 'Branch', '');
    await choose(page, 'State', 'unreadable');
    assert.deepEqual(await shownIds(page), [BROKEN]);
    await choose(page, 'State', '');
    await page.getByLabel('Search').fill('a005 improved-nothing');
    assert.ok(await page.getByText('No result fits.').isVisible());
    await page.getByLabel('Search').fill('FROM assignment'); // only in what was said to the database
    assert.ok((await shownIds(page)).includes(EXPERIMENT));
    assert.ok(!(await shownIds(page)).includes(WEEK));
    assertSilent(watched);
  });

  test(`a shared address ${how} opens the list as it was, without anything moving`, async () => {
    const watched = await openPage(browser, `${url}#kind=run&sort=oldest`);
    assert.deepEqual(await shownIds(watched.page), [
      '20261127-100000-run-stress-0001',
      '20261127-110000-run-stress-0002',
    ]);
    assert.equal(await field(watched.page, 'Order').inputValue(), 'oldest');
    await assertQuiet(watched);
  });

  test(`a result ${how} is opened from the list, and its page is there`, async () => {
    const { page } = await openPage(browser, `${url}#kind=experiment`);
    await page.getByRole('link', { name: /faster/ }).click();
    await page.waitForURL(/report\/index\.html$/);
    assert.equal(await page.title(), EXPERIMENT);
  });
}

test('the worst verdict comes first when asked for, and the natural order comes back', async () => {
  const { page } = await openPage(browser, PLACES['from disk']);
  const newest = await shownIds(page);
  await choose(page, 'Order', 'verdict');
  const verdicts = await page.evaluate<string[]>(
    "[...document.querySelectorAll('.results tbody tr')].map((row) => row.querySelector('.mark')?.textContent ?? '')",
  );
  assert.deepEqual(verdicts.slice(-2), ['', '']); // the advice and what cannot be read have none
  await choose(page, 'Order', '');
  assert.deepEqual(await shownIds(page), newest);
});

test('the list is walked, searched and chosen from with keys alone', async () => {
  const { page } = await openPage(browser, PLACES['from disk']);
  const focused = () =>
    page.evaluate("document.activeElement.closest('tr')?.querySelector('.id').textContent");
  await page.keyboard.press('/');
  await page.keyboard.type('stress');
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(), '20261127-110000-run-stress-0002');
  await page.keyboard.press('Space');
  await page.keyboard.press('j');
  assert.equal(await focused(), '20261127-100000-run-stress-0001');
  await page.keyboard.press('Space');
  await page.keyboard.press('k');
  assert.equal(await focused(), '20261127-110000-run-stress-0002');
  const href = await page.getByRole('link', { name: 'Compare the two' }).getAttribute('href');
  // The older of the two is the baseline, whichever was chosen first.
  assert.equal(
    href,
    './site/compare.html#a=20261127-100000-run-stress-0001&b=20261127-110000-run-stress-0002',
  );
  await page.keyboard.press('?');
  assert.ok(await page.getByRole('dialog').isVisible());
  await page.keyboard.press('Escape');
  assert.ok(!(await page.getByRole('dialog').isVisible()));
});

test('Enter on a result opens it, and a field keeps its keys', async () => {
  const { page } = await openPage(browser, `${PLACES['from disk']}#kind=week`);
  await page.getByLabel('Search').focus();
  await page.keyboard.type('jk?/');
  assert.equal(await page.getByLabel('Search').inputValue(), 'jk?/');
  await page.getByLabel('Search').fill('');
  await page.locator('.results tbody tr:not([hidden])').first().waitFor(); // the search had hidden them all
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/week-full-60a6\/report\/index\.html$/);
});

test('a third result that is chosen takes the place of the first', async () => {
  const { page } = await openPage(browser, PLACES['from disk']);
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  assert.equal(await page.getByRole('checkbox', { checked: true }).count(), 2);
  assert.ok(!(await page.getByRole('checkbox').first().isChecked()));
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1280]) {
    test(`the list is accessible and fits at ${width} px, ${colorScheme}`, async () => {
      const viewport = { width, height: 800 };
      const watched = await openPage(browser, PLACES['from disk'], { colorScheme, viewport });
      const { page } = watched;
      assert.deepEqual(await seriousFindings(page), []);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
      assert.equal(await page.getByRole('row').count(), width === 360 ? 6 : 7); // cards have no head
      await page.getByRole('checkbox').first().check();
      assert.deepEqual(await seriousFindings(page), []);
      await page.keyboard.press('Tab');
      await page.keyboard.press('?');
      assert.deepEqual(await seriousFindings(page), []);
      await assertQuiet(watched);
    });
  }
}

test('on paper there are the rows of the filter and what it is, and no controls', async () => {
  const { page } = await openPage(browser, `${PLACES['from disk']}#scenario=stress`, { colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print' });
  assert.equal((await shownIds(page)).length, 2);
  assert.ok(await page.getByText('2 of 6 results, scenario stress').isVisible());
  for (const selector of ['#filters', '.bar', '#compare', '.pick']) {
    assert.equal(await page.locator(`${selector}:visible`).count(), 0, selector);
  }
  assert.equal(await page.evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(255, 255, 255)');
  assert.equal((await page.pdf()).subarray(0, 5).toString(), '%PDF-');
});

test('without script the whole list can be read, and nothing is offered that would not work', async () => {
  const { page } = await openPage(browser, PLACES.served, { javaScriptEnabled: false });
  assert.equal((await shownIds(page)).length, 6);
  assert.equal(await page.locator('input:visible, select:visible, button:visible').count(), 0);
});

test('names in a result cannot become markup', async () => {
  const { page } = await openPage(browser, PLACES.served);
  assert.equal(await page.locator('.results b').count(), 0);
  assert.ok(await page.getByRole('cell', { name: '<b>hostile</b>' }).isVisible());
});

test('what has not changed is not read again; what has is', async (t) => {
  const root = await mkdtemp(path.join(tmpdir(), 'rushhour known '));
  t.after(() => rm(root, { recursive: true, force: true }));
  const id = '20261127-120000-experiment-load-0003';
  await mkdir(path.join(root, id, 'runs'), { recursive: true });
  const { experiment } = buildExperiment({}, { runs: [], scenario: 'first' });
  await writeEnd(path.join(root, id), { ...experiment, runs: [] });
  const again = () => buildSite({ ...options, resultsRoot: root });
  assert.equal((await again()).listed[0]?.scenario, 'first');
  const file = path.join(root, id, 'experiment.json');
  const time = new Date('2026-11-27T12:00:00Z');
  await utimes(file, time, time);
  await again();
  // As many letters and the same time: only who reads it again can see it.
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll('"first"', '"other"'));
  await utimes(file, time, time);
  assert.equal((await again()).listed[0]?.scenario, 'first');
  await utimes(file, new Date(), new Date());
  assert.equal((await again()).listed[0]?.scenario, 'other');
  await writeFile(file, '{');
  const broken = (await again()).listed[0];
  assert.equal(broken?.state, 'unreadable');
  assert.match(broken?.headline ?? '', /^20261127-120000-experiment-load-0003\/experiment\.json is not JSON/);
});
