import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findOnPath } from '../../harness/machine/executable-path.ts';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser of `CHROMIUM_PATH`, else the first Chromium or Chrome on PATH. Without one the test fails and says what to do. */
async function browserPath(): Promise<string> {
  const named = process.env.CHROMIUM_PATH;
  if (named) return named;
  for (const name of BROWSERS) {
    const [found] = await findOnPath(name, process.env);
    if (found) return found;
  }
  throw new Error(
    `no browser: expected one of ${BROWSERS.join(', ')} on PATH, or CHROMIUM_PATH. On Debian: apt-get install chromium`,
  );
}

/** A Chromium of its own for a test file. Whoever starts it closes it. */
export async function startBrowser(): Promise<Browser> {
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: await browserPath(),
    // Chromium's sandbox refuses root; /dev/shm is small in containers.
    args: ['--disable-dev-shm-usage', ...(asRoot ? ['--no-sandbox'] : [])],
  });
}

/** A page with what must not happen in it. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors and warnings of the console, and exceptions that nobody caught. */
  readonly complaints: string[];
  /** Requests to anything but files and the loopback. */
  readonly foreignRequests: string[];
}

/** A page in a context of its own (nothing is remembered from others). Closed with the browser. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const watched: WatchedPage = { page, complaints: [], foreignRequests: [] };
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) watched.complaints.push(message.text());
  });
  page.on('pageerror', (error) => watched.complaints.push(String(error)));
  context.on('request', (request) => {
    if (isForeign(request.url())) watched.foreignRequests.push(request.url());
  });
  await page.addInitScript(recordLayoutShifts);
  await page.goto(url);
  return watched;
}

function isForeign(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return !['file:', 'data:', 'blob:', 'about:'].includes(protocol) && hostname !== '127.0.0.1';
}

/** In the page: see https://wicg.github.io/layout-instability/. A shift within 500 ms of an input does not count. */
function recordLayoutShifts(): void {
  const seen = globalThis as unknown as { layoutShifts: number };
  seen.layoutShifts = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[]) {
      if (!entry.hadRecentInput) seen.layoutShifts += entry.value;
    }
  }).observe({ type: 'layout-shift', buffered: true } as never);
}

/** Sum of all layout shifts of the page so far, without those that follow an input: 0 is none, 1 the whole page. */
async function layoutShift(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      // The observer is told of a frame after it; the second frame is there when the first was told of.
      new Promise<number>((resolve) => {
        const frame = (globalThis as unknown as { requestAnimationFrame(call: () => void): void })
          .requestAnimationFrame;
        frame(() =>
          frame(() => {
            const { layoutShifts } = globalThis as unknown as { layoutShifts: number };
            resolve(layoutShifts);
          }),
        );
      }),
  );
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly help: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds serious or critical in the page, a line each; none is the aim. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(await axeSource);
  // Without `preload`, which would fetch the style sheets again, and a page from disk may not.
  const { violations } = await page.evaluate<AxeResult>('axe.run({ preload: false })');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => `${id}: ${help}: ${html} ${failureSummary}`),
    );
}

/**
 * What no eye sees: the letters of a word that comes in two pieces moved by 0.00002 on a slow machine. Filters whose width hangs on those that
 * come later moved by 0.012, the list without fixed columns by 0.03.
 */
const STILL = 0.001;

export async function assertStill(page: Page): Promise<void> {
  const shift = await layoutShift(page);
  assert.ok(shift < STILL, `the page moved: layout shift ${shift}`);
}

/** Fails when the page complained, asked another host for something, or moved under the reader's eyes. */
export async function assertQuiet(watched: WatchedPage): Promise<void> {
  assertSilent(watched);
  await assertStill(watched.page);
}

/** The same where something was set without an input, which a browser would have taken as the reason why things move. */
export function assertSilent({ complaints, foreignRequests }: WatchedPage): void {
  assert.deepEqual(complaints, []);
  assert.deepEqual(foreignRequests, []);
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** A folder as any static host serves it, on the loopback. `url` ends with `/`. */
export async function serveFolder(folder: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const file = path.join(folder, path.normalize(decodeURIComponent(pathname)));
    const stream = createReadStream(pathname.endsWith('/') ? path.join(file, 'index.html') : file);
    stream.once('open', () => {
      const type = TYPES[path.extname(stream.path.toString())] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type });
      stream.pipe(response);
    });
    stream.once('error', () => response.writeHead(404).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
