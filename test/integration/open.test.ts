import assert from 'node:assert/strict';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { EXIT } from '../../harness/errors.ts';
import { LIVE_FILE, withLiveFeed } from '../../harness/live/live-feed.ts';
import { page } from '../../harness/report/page.ts';
import { writeRun } from '../../harness/store/result-folder.ts';
import { assertQuiet, assertStill, openPage, seriousFindings, startBrowser } from '../support/browser.ts';
import { eventually, rushhour, scratchFolder } from '../support/command.ts';
import { buildRun } from '../support/run-builders.ts';
import { SILENT } from '../support/silent-progress.ts';
import { SMALLEST_OPTIONS } from '../support/smallest-shape.ts';

const RUN_ID = '20261126-120000-run-load-baseline-aaaa';

/** A results folder with one ended run. */
async function resultsFolder(t: TestContext): Promise<string> {
  const root = path.join(await scratchFolder(t), 'results');
  await keepRun(root, RUN_ID);
  return root;
}

async function keepRun(root: string, id: string): Promise<void> {
  const folder = path.join(root, id);
  await mkdir(path.join(folder, 'report'), { recursive: true });
  await writeFile(
    path.join(folder, 'report', 'index.html'),
    page({ title: 'A run', header: '<h1>A run</h1>', main: '', place: { id, isComparable: true } }),
  );
  await writeRun(folder, buildRun({}, { id }));
}

interface Opened {
  readonly url: string;
  /** Sends SIGINT. Resolves with the exit code when the process has ended. */
  stop(): Promise<number | undefined>;
}

async function open(t: TestContext, root: string, ...args: string[]): Promise<Opened> {
  const command = rushhour(['open', '--no-browser', '--json', '--results', root, ...args]);
  t.after(async () => {
    command.kill('SIGKILL');
    await command;
  });
  let said = '';
  command.stdout?.on('data', (chunk) => {
    said += String(chunk);
  });
  assert.ok(await eventually(async () => said.includes('}'), command), 'it said no address');
  const { url } = JSON.parse(said) as { url: string };
  const stop = async () => {
    command.kill('SIGINT');
    return (await command).exitCode;
  };
  return { url, stop };
}

/** Exactly these bytes as the address: a URL class would take the dots out. */
function ask(url: string, address: string, options: { host?: string; method?: string } = {}) {
  const { port, host } = new URL(url);
  return new Promise<{ status: number; text: string; headers: Record<string, unknown> }>(
    (resolve, reject) => {
      const { method = 'GET' } = options;
      const headers = { host: options.host ?? host };
      request({ host: '127.0.0.1', port, path: address, method, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
        );
      })
        .on('error', reject)
        .end();
    },
  );
}

describe('rushhour open', () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.close());

  test('only files under the results folder are served, to readers that name this machine', async (t) => {
    const root = await resultsFolder(t);
    await writeFile(path.join(root, '..', 'secret.txt'), 'outside');
    await writeFile(path.join(root, '.hidden'), 'outside');
    await symlink(path.join(root, '..', 'secret.txt'), path.join(root, 'link.txt'));
    await symlink(path.join(root, '..'), path.join(root, 'up'));
    const { url, stop } = await open(t, root);
    const wrong = [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/..%5csecret.txt',
      '/up/secret.txt',
      '/link.txt',
      '/.hidden',
      '/%00',
      '/%',
      `/${RUN_ID}/nothing.html`,
    ];
    for (const address of wrong) {
      const { status, text } = await ask(url, address);
      assert.equal(status, 404, address);
      assert.doesNotMatch(text, /outside/);
    }
    const record = await ask(url, `/${RUN_ID}/run.json`);
    assert.equal(record.text, await readFile(path.join(root, RUN_ID, 'run.json'), 'utf8'));
    assert.equal(record.headers['content-type'], 'application/json; charset=utf-8');
    assert.equal(record.headers['cache-control'], 'no-store');
    assert.equal((await ask(url, '/', { host: 'evil.example' })).status, 403);
    assert.equal(
      (await ask(url, '/', { host: '127.0.0.1' })).status,
      403,
      'without the port it is another site',
    );
    assert.equal((await ask(url, '/', { method: 'POST' })).status, 405);
    const head = await ask(url, `/${RUN_ID}/run.json`, { method: 'HEAD' });
    assert.deepEqual([head.status, head.text], [200, '']);
    assert.equal(await stop(), 0);
    await assert.rejects(ask(url, '/'), { code: 'ECONNREFUSED' });
  });

  test('every open page shows what is measured now, and the list has it when it has ended', async (t) => {
    const root = await resultsFolder(t);
    const { url } = await open(t, root);
    const pages = await Promise.all([openPage(browser, url), openPage(browser, url)]);
    const id = '20261126-130000-run-smoke-optimised-bbbb';
    const place = { id, folder: path.join(root, id) };
    await mkdir(place.folder);
    const subject = { kind: 'run', scenario: 'smoke', variants: ['optimised'] } as const;
    await withLiveFeed(place, subject, SILENT, (progress) =>
      progress.step('k6 load', async () => {
        progress.reading?.({ pairs: { part: 'load', done: 3, most: 7, medians: [], leftMs: null } });
        for (const { page } of pages) {
          await page.locator('#running', { hasText: 'load pairs: 3 of 7' }).waitFor();
          assert.match(
            (await page.locator('#running').textContent()) ?? '',
            /run smoke, optimised · k6 load/,
          );
          assert.equal(await page.locator('#running').getAttribute('aria-live'), 'polite');
        }
        assert.deepEqual(await seriousFindings((pages[0] as (typeof pages)[0]).page), []);
      }),
    );
    await keepRun(root, id);
    for (const { page, complaints, foreignRequests } of pages) {
      await page.locator(`a[href*="${id}"]`).first().waitFor();
      await page.locator('#running', { hasText: 'Nothing is measured now' }).waitFor();
      assert.deepEqual([complaints, foreignRequests], [[], []]);
      await assertStill(page);
    }
  });

  test('a run in another process is seen with its figures, then its result is in the list; filter, choice and focus stay', async (t) => {
    const root = await resultsFolder(t);
    const { url } = await open(t, root);
    const watched = await openPage(browser, `${url}#kind=run`);
    const { page } = watched;
    page.setDefaultTimeout(180_000); // a dataset is made first
    await page.locator('#running', { hasText: 'Nothing is measured now' }).waitFor();
    await page.getByLabel('Search').fill('run');
    await page.getByRole('checkbox', { name: RUN_ID }).check();
    await page.evaluate('window.isTheSamePage = true');

    const measured = rushhour([
      ...['run', 'smoke', '--generator', 'k6', '--probes', '1'],
      ...[...SMALLEST_OPTIONS, '--results', root],
    ]);
    t.after(async () => {
      measured.kill('SIGKILL');
      await measured;
    });
    await page.locator('#running', { hasText: /run smoke, optimised · optimised · k6 load/ }).waitFor();
    await page.locator('#running li', { hasText: /[1-9]\d* requests? · \d+ errors? · p50 / }).waitFor();
    await assertQuiet(watched);
    const { exitCode, stderr } = await measured;
    assert.ok([EXIT.fine, EXIT.thresholdsFailed].includes(exitCode as 0), String(stderr)); // so little data may miss one

    await page.locator('.results tbody tr').nth(1).waitFor();
    assert.match((await page.locator('.results .id').first().textContent()) ?? '', /-run-smoke-optimised-/);
    await page.locator('#running', { hasText: 'Nothing is measured now' }).waitFor();
    assert.equal(await page.evaluate('window.isTheSamePage'), true);
    assert.equal(
      await page.getByRole('status').nth(1).innerText(),
      '2 results, kind run, search “run”, newest first',
    );
    assert.equal(await page.getByLabel('Search').inputValue(), 'run');
    const box = page.getByRole('checkbox', { checked: true });
    assert.deepEqual(
      await box.evaluateAll((boxes) => boxes.map((one) => (one as { value?: string }).value)),
      [RUN_ID],
    );
    assert.equal(await page.evaluate('document.activeElement.value'), RUN_ID);
    assert.deepEqual(
      await page.getByRole('combobox', { name: 'Scenario', exact: true }).locator('option').allInnerTexts(),
      ['any', 'load', 'smoke'],
    );
    await assertQuiet(watched);
  });

  test('of a process that was killed while it measured, the page says that it broke off', async (t) => {
    const root = await resultsFolder(t);
    const id = '20261126-130000-run-smoke-optimised-cccc';
    await mkdir(path.join(root, id));
    const gone = rushhour(['--version']);
    await gone;
    const state = {
      kind: 'run',
      scenario: 'smoke',
      variants: ['optimised'],
      id,
      pid: gone.pid,
      step: 'k6 load',
    };
    await writeFile(path.join(root, id, LIVE_FILE), JSON.stringify({ ...state, reading: null }));
    const { url } = await open(t, root);
    const { page } = await openPage(browser, url);
    await page.locator('#running', { hasText: 'broke off: its process has gone' }).waitFor();
  });

  test('a port that another one has is told, and two at once have a port each', async (t) => {
    const root = await resultsFolder(t);
    const first = await open(t, root);
    const second = await open(t, root, 'last');
    assert.equal(new URL(second.url).pathname, `/${RUN_ID}/report/index.html`);
    const { port } = new URL(first.url);
    assert.notEqual(new URL(second.url).port, port);
    const third = await rushhour(['open', '--no-browser', '--port', port, '--results', root]);
    assert.equal(third.exitCode, 2);
    assert.match(
      String(third.stderr),
      new RegExp(`--port: expected a free port, got ${port}: another program has it`),
    );
    assert.equal((await ask(first.url, '/')).status, 200);
  });
});
