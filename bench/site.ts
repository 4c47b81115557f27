/**
 * `npm run bench:site [results]`: builds the site of many results and opens it in Chromium. Made of real examples: the experiment and,
 * of one of its runs, many runs; ids, dates, variants and values are changed. Prints build times, bytes, time until the list answers,
 * and heap.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatBytes, formatCount, formatDuration } from '../harness/quantity.ts';
import { RunRecord } from '../harness/result.ts';
import { buildSite } from '../harness/site/build-site.ts';
import { writeRun } from '../harness/store/result-folder.ts';
import { openPage, startBrowser } from '../test/support/browser.ts';

const EXAMPLE = '20261124-184850-experiment-load-a005';
const EXPERIMENTS = 20;
const VARIANTS = ['baseline', 'indexes', 'bulk-apply', 'eager-loading', 'optimised'];
const SCENARIOS = ['smoke', 'load', 'stress'];
/** The bar of the design: interactive within this. */
const BAR_MS = 2_000;

const total = Number(process.argv[2] ?? 1_000);
const example = path.resolve(import.meta.dirname, '../results/examples', EXAMPLE);
const folder = await mkdtemp(path.join(tmpdir(), 'rushhour-bench-site-'));
try {
  await makeResults(folder);
  const options = { resultsRoot: folder, historyFile: path.join(folder, 'none.ndjson') };
  const cold = await timed(() => buildSite(options));
  const warm = await timed(() => buildSite(options));
  print('results', formatCount(cold.value.results));
  print('build, cold', formatDuration(cold.ms));
  print('build, nothing new', formatDuration(warm.ms));
  print('index.html', formatBytes((await stat(cold.value.index)).size));
  print('site/data/results.js', formatBytes((await stat(path.join(folder, 'site/data/results.js'))).size));
  await openIt(cold.value.index);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Mostly runs, of several scenarios, variants and branches; every fiftieth is an experiment with all of its runs. */
async function makeResults(root: string): Promise<void> {
  const [file] = (await readdir(example, { recursive: true })).filter((name) => name.endsWith('run.json'));
  const run = RunRecord.parse(JSON.parse(await readFile(path.join(example, file ?? ''), 'utf8')));
  for (let n = 0; n < total; n += 1) {
    const startedAt = new Date(Date.UTC(2026, 0, 1, n * 7)).toISOString();
    const time = startedAt.replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
    const isExperiment = n % Math.ceil(total / EXPERIMENTS) === 0;
    const scenario = SCENARIOS[n % 3] as string;
    const variant = VARIANTS[n % 5] as string;
    const place = path.join(
      root,
      `${time}-${isExperiment ? 'experiment' : 'run'}-${scenario}-${n.toString(16).padStart(4, '0')}`,
    );
    if (isExperiment) {
      await cp(example, place, { recursive: true });
      continue;
    }
    await mkdir(place);
    const target = { name: 'reference', configDigest: null, sourceCommit: null, branch: `change-${n % 20}` };
    const thresholds = [
      {
        name: 'p95 of a dispatch',
        unit: 'ms' as const,
        limit: 500,
        measured: 300 + ((n * 37) % 250),
        passed: (n * 37) % 250 <= 200,
      },
    ];
    await writeRun(place, {
      ...{ ...run, startedAt, scenario, variant, loads: run.loads.map((load) => ({ ...load, thresholds })) },
      environment: { ...run.environment, target },
    });
    await mkdir(path.join(place, 'report'));
    await writeFile(path.join(place, 'report/index.html'), '<!doctype html>');
  }
}

async function openIt(index: string): Promise<void> {
  const browser = await startBrowser();
  try {
    const { page } = await openPage(browser, pathToFileURL(index).href);
    const interactive = await page.evaluate<number>(
      `new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))))`,
    );
    const listening = await page.evaluate<number>(
      'performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd',
    );
    const search = await page.evaluate<number>(`new Promise((resolve) => {
      const field = document.querySelector('[name=q]');
      const start = performance.now();
      addEventListener('hashchange', () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start))));
      field.value = 'stress optimised';
      field.dispatchEvent(new Event('input', { bubbles: true }));
    })`);
    const heap = await page.evaluate<number>('performance.memory.usedJSHeapSize');
    print('list listens after', formatDuration(listening));
    print('idle after', `${formatDuration(interactive)} (bar: ${formatDuration(BAR_MS)})`);
    print('a search, to the next picture', formatDuration(search));
    print('found', await page.getByRole('status').innerText());
    print('heap', formatBytes(heap));
  } finally {
    await browser.close();
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const start = performance.now();
  const value = await work();
  return { value, ms: performance.now() - start };
}

function print(name: string, value: string): void {
  console.log(`${name.padEnd(32)}${value}`);
}
