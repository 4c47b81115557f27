import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { PHONE_PX, WIDE_PX } from '../../harness/report/charts/chart.ts';
import { renderSvg, titledSpec } from '../../harness/report/render-chart.ts';
import { everyWeekChart, weekCharts } from '../../harness/report/week/week-charts.ts';
import { writeWeekReport } from '../../harness/report/week/write-week-report.ts';
import { rushhour, scratchFolder } from '../support/command.ts';
import { buildWeek, withSlowApply } from '../support/week-builders.ts';

let folder = '';

before(async () => {
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'rushhour-week-')), 'report');
  await writeWeekReport(buildWeek(), folder);
});

after(() => rm(path.dirname(folder), { recursive: true, force: true }));

test('a week is six pages in both media and ten charts in five', async () => {
  const names = await readdir(folder);
  assert.equal(names.filter((name) => name.endsWith('.md')).length, 6);
  assert.equal(names.filter((name) => name.endsWith('.html')).length, 6);
  assert.equal((await readdir(path.join(folder, 'charts'))).length, 10 * 5);
});

/** The way to the other results, which a week alone does not have. */
const SITE = /^\.\.\/\.\.\/(index\.html|site\/compare\.html|site\/trends\/index\.html)$/;

/** Where a page links to, but for places in itself. */
async function linksOf(name: string, report = folder): Promise<string[]> {
  const text = await readFile(path.join(report, name), 'utf8');
  const pattern = name.endsWith('.md') ? /\]\(([^)]+)\)/g : / href="([^"#][^"]*)"/g;
  return [...text.matchAll(pattern)].map(([, target]) => decodeURIComponent(target ?? ''));
}

test('pages link to each other and to their charts, and to nothing but files of the week and the site', async () => {
  for (const name of (await readdir(folder)).filter((one) => /\.(md|html)$/.test(one))) {
    const links = await linksOf(name);
    assert.ok(links.length > 5, name);
    for (const link of links.filter((one) => !SITE.test(one))) {
      const inside = !link.startsWith('./../');
      assert.ok(!inside || existsSync(path.join(folder, link)), `${name}: ${link}`);
      assert.doesNotMatch(link, /^\w+:|^\/|\.\.\/\.\.\//, `${name}: ${link}`);
    }
  }
});

test('a week that was stored with Markdown alone of its profiles and its advice gets their pages, and links to them', async (t) => {
  const results = await scratchFolder(t);
  const id = '20261126-055408-week-full-60a6';
  await cp(path.resolve(import.meta.dirname, '../../results/examples', id), path.join(results, id), {
    recursive: true,
  });
  const run = await rushhour(['report', id, '--results', results]);
  assert.equal(run.exitCode, 0, `${run.stderr}`);
  const report = path.join(results, id, 'report');
  const links = (await Promise.all(['day-1.html', 'day-4.html'].map((name) => linksOf(name, report)))).flat();
  const parts = links.filter((link) => /\/(profile|profile-after|advice)\//.test(link));
  assert.deepEqual([...new Set(parts)].sort(), [
    './../advice/report/index.html',
    './../profile-after/report/index.html#growth',
    './../profile/report/index.html',
    './../profile/report/index.html#growth',
  ]);
  for (const link of parts) assert.ok(existsSync(path.join(report, link.replace(/#.*/, ''))), link);
});

test('every chart of a week draws without a warning, wide and narrow', async () => {
  for (const week of [buildWeek(), withSlowApply(buildWeek())]) {
    for (const chart of everyWeekChart(weekCharts(week))) {
      for (const widthPx of [WIDE_PX, PHONE_PX]) {
        const warnings: string[] = [];
        await renderSvg(titledSpec(chart, widthPx), (message) => warnings.push(message));
        assert.deepEqual(warnings, [], `${chart.name} at ${widthPx} px`);
      }
    }
  }
});
