/**
 * `npm run bench:samples [requests]`: a run with a million stored samples, drawn. Writes `k6-samples.csv.gz` as k6 and the harness leave it, reads it as a
 * run does, draws the report and opens it in Chromium. Prints what each step takes, and how many rows reach a chart. The latencies are made by
 * formula: nothing of it is a measurement.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { createGzip } from 'node:zlib';
import { readGzipLines } from '../harness/load-generators/gzip-lines.ts';
import { buildK6Report } from '../harness/load-generators/k6-report.ts';
import { readK6Samples } from '../harness/load-generators/k6-samples.ts';
import { formatBytes, formatCount, formatDuration } from '../harness/quantity.ts';
import { chartSet, everyChart } from '../harness/report/chart-set.ts';
import { writeReport } from '../harness/report/write-report.ts';
import { type LoadReport, RunRecord } from '../harness/result.ts';
import { writeRun } from '../harness/store/result-folder.ts';
import type { ArrivalPlan, TrafficSchedule } from '../scenarios/schedule.ts';
import { openPage, startBrowser } from '../test/support/browser.ts';

const EXAMPLE = '../results/examples/20261124-184850-experiment-load-a005/runs/load-01/1-baseline/run.json';
const HEADER =
  'metric_name,timestamp,metric_value,error_code,expected_response,method,name,scenario,status,extra_tags,metadata';
/** An hour, as a soak test is long. */
const SECONDS = 3_600;
const BEGAN_MS = Date.UTC(2026, 10, 24, 18);

const requests = Number(process.argv[2] ?? 1_000_000);
const folder = await mkdtemp(path.join(tmpdir(), 'rushhour-bench-samples-'));
try {
  const example = RunRecord.parse(JSON.parse(await readFile(new URL(EXAMPLE, import.meta.url), 'utf8')));
  const samplesFile = path.join(folder, 'k6-samples.csv.gz');
  const endpoints = example.loads.flatMap(({ report }) =>
    report.generator === 'k6' ? report.endpoints : [],
  );
  await pipeline(
    Readable.from(sampleLines(endpoints.map(({ endpoint }) => endpoint))),
    createGzip({ level: 1 }),
    createWriteStream(samplesFile),
  );
  print('requests stored', `${formatCount(requests)}, ${formatBytes((await stat(samplesFile)).size)} packed`);
  const report = await timed('read', () => readReport(samplesFile));
  const run = runWith(example, report);
  await writeRun(folder, run);
  print('run.json', formatBytes((await stat(path.join(folder, 'run.json'))).size));
  const input = { kind: 'run', run } as const;
  const written = await timed('draw the report', () => writeReport(input, path.join(folder, 'report')));
  print('index.html', formatBytes((await stat(written.htmlPath)).size));
  await printCharts(written.charts, everyChart(chartSet(input)).length);
  await openIt(written.htmlPath);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** As k6 writes them: the duration of a request, then what it waited for a connection. */
function* sampleLines(endpoints: readonly string[]): Generator<string> {
  yield `${HEADER}\n`;
  let chunk = '';
  for (let n = 0; n < requests; n += 1) {
    const endpoint = endpoints[n % endpoints.length] as string;
    // Skewed, with a slow stretch now and then.
    const ms = 2 + (n % 11) + 40 * (((n * 7919) % 1000) / 1000) ** 8 * (n % 9 === 0 ? 5 : 1);
    const endedAt = Math.round((BEGAN_MS + (n * SECONDS * 1000) / requests + ms) * 1000);
    const rest = `,${endpoint.split(' ')[0]},${endpoint},steady,200,,`;
    chunk += `http_req_duration,${endedAt},${ms.toFixed(6)},,true${rest}\nhttp_req_blocked,${endedAt},0.003,,true${rest}\n`;
    if (chunk.length < 65_536) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

async function readReport(file: string): Promise<LoadReport> {
  const schedule = scheduleOf();
  const { lines, damage } = readGzipLines(file);
  const samples = await readK6Samples(lines, schedule);
  return buildK6Report({
    ...{ schedule, samples, samplesCut: damage() !== null, summary: null, interrupted: false },
    ...{ version: '1.8.1', files: ['k6-samples.csv.gz'] },
    log: { firstException: null, exceptionsByScenario: new Map() },
  });
}

function scheduleOf(): TrafficSchedule {
  const steady: ArrivalPlan = {
    ...{ id: 'steady', kind: 'mix', measured: true, label: 'steady', startSeconds: 0, firstIndex: 0 },
    ...{ durationSeconds: SECONDS, periodSeconds: SECONDS / requests, arrivals: requests },
    ...{ virtualUsers: 10, gracefulStopSeconds: 10 },
  };
  return { arrivals: [steady], measureStartSeconds: 0, endSeconds: SECONDS, notes: [] };
}

function runWith(example: RunRecord, report: LoadReport): RunRecord {
  const [load] = example.loads.filter(({ report: { generator } }) => generator === 'k6');
  if (load === undefined) throw new Error(`${EXAMPLE} has no load of k6`);
  return { ...example, scenario: 'soak', probe: null, round: null, loads: [{ ...load, report }] };
}

async function printCharts(
  charts: readonly { name: string; csvPath: string; specPath: string }[],
  expected: number,
): Promise<void> {
  if (charts.length !== expected) throw new Error(`${charts.length} charts of ${expected} were drawn`);
  for (const { name, csvPath, specPath } of charts) {
    const rows = (await readFile(csvPath, 'utf8')).split('\r\n').length - 2;
    print(`chart ${name}`, `${formatCount(rows)} rows, spec ${formatBytes((await stat(specPath)).size)}`);
  }
  const [first] = charts;
  if (first === undefined) throw new Error('no chart was drawn');
  const files = await readdir(path.dirname(first.csvPath));
  print('files of charts', formatCount(files.length));
}

async function openIt(file: string): Promise<void> {
  const browser = await startBrowser();
  try {
    const { page } = await openPage(browser, pathToFileURL(file).href);
    const drawn = await page.evaluate<number>(
      'new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))))',
    );
    print(
      'elements in the page',
      formatCount(await page.evaluate<number>('document.querySelectorAll("*").length')),
    );
    print('drawn in Chromium after', formatDuration(drawn));
    print('heap of the page', formatBytes(await page.evaluate<number>('performance.memory.usedJSHeapSize')));
  } finally {
    await browser.close();
  }
}

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(cpu);
  const times = `${formatDuration(performance.now() - start)}, ${formatDuration((user + system) / 1000)} of CPU`;
  print(name, `${times}, at most ${formatBytes(process.resourceUsage().maxRSS * 1024)} of memory so far`);
  return value;
}

function print(name: string, value: string): void {
  console.log(`${name.padEnd(32)}${value}`);
}
