import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { COMPARE_STYLE, writeComparePage } from '../../harness/site/compare-page.ts';
import { dataFile } from '../../harness/site/data-file.ts';
import { hrefFrom, sitePage } from '../../harness/site/page-shell.ts';
import { writeFrame } from '../../harness/site/write-frame.ts';
import { assertQuiet, openPage, seriousFindings, serveFolder, startBrowser } from '../support/browser.ts';

const browser = await startBrowser();
const folder = await mkdtemp(path.join(tmpdir(), 'rushhour site '));
const served = await serveFolder(folder);
after(async () => {
  await browser.close();
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

await writeFrame(folder, [COMPARE_STYLE]);
await mkdir(path.join(folder, 'site', 'trends'));
await writeFile(path.join(folder, 'site', 'data', 'known.js'), dataFile('known', { text: '</script><b>' }));
await writeFile(path.join(folder, 'site', 'data', 'results.js'), dataFile('results', { results: [] }));
await writeComparePage(folder);
await writeFile(
  path.join(folder, 'site/trends/index.html'),
  sitePage({
    ...{ title: 'A <page>', path: 'site/trends/index.html', room: 'trends', data: ['known'] },
    ...{ header: '<h1>A page</h1>', main: '<p>Something to read.</p>' },
  }),
);

const PLACES = { 'from disk': `${pathToFileURL(folder).href}/`, served: served.url };

for (const [how, base] of Object.entries(PLACES)) {
  test(`a page ${how} is drawn with its style and its data, in silence, and leads to the other rooms`, async () => {
    const watched = await openPage(browser, `${base}site/trends/index.html`);
    const { page } = watched;
    assert.equal(await page.locator('[aria-current="page"]').innerText(), 'Trends');
    assert.equal(await page.evaluate('getComputedStyle(document.body).marginTop'), '0px'); // 8 px without a style
    assert.equal(await page.evaluate("window.rushhour.values.get('known').text"), '</script><b>');
    assert.deepEqual(await seriousFindings(page), []);
    await page.getByRole('link', { name: 'Compare' }).click();
    await page.waitForURL(/site\/compare\.html$/);
    assert.equal(await page.getByRole('link', { name: 'Compare' }).getAttribute('aria-current'), 'page');
    await assertQuiet(watched);
  });
}

test('the theme that is chosen holds on the next page, before it is drawn, and paper stays light', async () => {
  const { page } = await openPage(browser, `${PLACES.served}site/compare.html`, { colorScheme: 'light' });
  const paint = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
  const light = await paint();
  await page.getByLabel('Theme').selectOption('dark');
  const dark = await paint();
  assert.notEqual(dark, light);
  assert.deepEqual(await seriousFindings(page), []);
  await page.getByRole('link', { name: 'Trends' }).click();
  await page.waitForURL(/trends/);
  assert.equal(await paint(), dark);
  assert.equal(await page.getByLabel('Theme').inputValue(), 'dark');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await paint(), 'rgb(255, 255, 255)');
});

test('without a choice a page follows the system', async () => {
  const dark = await openPage(browser, `${PLACES['from disk']}site/compare.html`, { colorScheme: 'dark' });
  const light = await openPage(browser, `${PLACES['from disk']}site/compare.html`, { colorScheme: 'light' });
  const paint = 'getComputedStyle(document.body).backgroundColor';
  assert.notEqual(await dark.page.evaluate(paint), await light.page.evaluate(paint));
  assert.deepEqual(await seriousFindings(dark.page), []);
});

test('the policy of a page refuses a script in its text and another host', async () => {
  const { page, complaints } = await openPage(browser, `${PLACES.served}site/compare.html`);
  await page.evaluate(`new Promise((resolve) => {
    const script = document.createElement('script');
    script.textContent = 'window.stranger = true';
    document.head.append(script);
    const image = document.createElement('img');
    image.onerror = resolve;
    image.src = 'http://rushhour.invalid/a.png';
    document.body.append(image);
  })`);
  assert.equal(await page.evaluate('window.stranger'), undefined);
  assert.equal(complaints.filter((text) => text.includes('Content Security Policy')).length, 2);
});

test('an address leads from any page to any place of the results, whatever its letters', () => {
  assert.equal(hrefFrom('index.html', 'a b/report/index.html'), './a%20b/report/index.html');
  assert.equal(hrefFrom('site/compare.html', 'index.html'), '../index.html');
  assert.equal(hrefFrom('site/trends/a.html', 'site/site.css'), '../../site/site.css');
  assert.equal(hrefFrom('index.html', 'javascript:alert(1)'), './javascript%3Aalert(1)');
});
