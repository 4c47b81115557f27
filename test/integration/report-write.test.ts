import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { compile } from 'vega-lite';
import { chartSet, everyChart } from '../../harness/report/chart-set.ts';
import { PHONE_PX, WIDE_PX } from '../../harness/report/charts/chart.ts';
import { ratioOverTimeChart } from '../../harness/report/charts/ratio-over-time.ts';
import { KEPT_THEME_SCRIPT } from '../../harness/report/kept-theme.ts';
import { ratioSeries } from '../../harness/report/ratio-series.ts';
import { renderPng, renderSvg, titledSpec } from '../../harness/report/render-chart.ts';
import { storedRatios } from '../../harness/report/stored-ratio.ts';
import { type ReportInput, writeReport } from '../../harness/report/write-report.ts';
import { buildExperiment } from '../support/experiment-builders.ts';
import { buildRun } from '../support/run-builders.ts';

const HOSTILE = `<img src=x onerror="alert(1)">'&|`;

const folders: string[] = [];
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rushhour report '));
  folders.push(folder);
  return folder;
}

const INPUTS: Record<string, ReportInput> = {
  'two variants': { kind: 'experiment', ...buildExperiment() },
  'the whole ladder': {
    kind: 'experiment',
    ...buildExperiment({ variants: ['baseline', 'indexes', 'bulk-apply', 'eager-loading', 'optimised'] }),
  },
  'counts alone': { kind: 'experiment', ...buildExperiment({ parts: ['count'] }) },
  'pairs alone': { kind: 'experiment', ...buildExperiment({ parts: ['pair'], pairs: 16 }) },
  'loads alone': { kind: 'experiment', ...buildExperiment({ parts: ['load'], loadPairs: 2 }) },
  'a stress run': { kind: 'run', run: buildRun({ scenario: 'stress' }) },
  'two pairs under stress': { kind: 'experiment', ...buildExperiment({ pairs: 2, scenario: 'stress' }) },
  'hostile names': { kind: 'run', run: { ...buildRun({ scenario: 'stress' }), variant: HOSTILE } },
};

function chartsOf(input: ReportInput) {
  return everyChart(chartSet(input));
}

/** Width and height of a PNG from its header. Source: PNG specification, chunk IHDR. */
function pngSize(png: Buffer): [number, number] {
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

for (const [name, input] of Object.entries(INPUTS)) {
  test(`every chart of ${name} compiles and draws without a warning, wide and narrow`, async () => {
    for (const chart of chartsOf(input)) {
      for (const widthPx of [WIDE_PX, PHONE_PX]) {
        const warnings: string[] = [];
        const svg = await renderSvg(chart.draw(widthPx), (message) => warnings.push(message));
        assert.deepEqual(warnings, [], chart.name);
        const width = Number(/width="([\d.]+)"/.exec(svg)?.[1]);
        assert.ok(width > widthPx / 3 && width <= widthPx * 1.1, `${chart.name}: ${width} px of ${widthPx}`);
      }
    }
  });
}

test('a compiled chart holds no bootstrap and no interval that Vega would compute', () => {
  for (const input of Object.values(INPUTS)) {
    for (const chart of chartsOf(input)) {
      const vega = JSON.stringify(compile(titledSpec(chart)).spec);
      assert.doesNotMatch(vega, /ci0|ci1|stderr|stdev|"bootstrap/, chart.name);
    }
  }
});

test('a picture is drawn with the bundled font at twice its size and looks the same every time', async () => {
  const [chart] = chartsOf(INPUTS['two variants'] as ReportInput);
  assert.ok(chart);
  const svg = await renderSvg(titledSpec(chart));
  const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  const png = renderPng(svg);
  const [pngWidth, pngHeight] = pngSize(png);
  // A drawing may end within a pixel; a PNG cannot.
  assert.ok(Math.abs(pngWidth - 2 * Number(width)) <= 1 && Math.abs(pngHeight - 2 * Number(height)) <= 1);
  assert.ok(png.equals(renderPng(await renderSvg(titledSpec(chart)))));
});

test('the title of a stored chart is its finding, whole and unshortened', async () => {
  for (const chart of chartsOf(INPUTS['a stress run'] as ReportInput)) {
    const { title } = titledSpec(chart) as { title: { text: string[]; subtitle: string[] } };
    assert.equal(title.text.join(' '), chart.finding.replace(/\s+/g, ' '));
    assert.equal(title.subtitle.join(' '), chart.context.replace(/\s+/g, ' '));
  }
});

test('a report is a page, Markdown, and five files a chart, and nothing half written', async () => {
  const folder = await newFolder();
  const notes: string[] = [];
  const input = INPUTS['two variants'] as ReportInput;
  const written = await writeReport(input, join(folder, 'report'), {
    onProgress: (note) => notes.push(note),
  });
  assert.ok(written.charts.length >= 6);
  assert.equal(notes.length, written.charts.length + 1);
  for (const { specPath, svgPath, pngPath, csvPath, textPath } of written.charts) {
    assert.ok((await readFile(csvPath, 'utf8')).split('\r\n').length > 2, csvPath);
    assert.match(await readFile(textPath, 'utf8'), /\n- .*\d/, textPath);
    assert.equal(JSON.parse(await readFile(specPath, 'utf8')).config.background, '#ffffff');
    assert.match(await readFile(svgPath, 'utf8'), /^<svg [\s\S]*<\/svg>$/);
    const [width, height] = pngSize(await readFile(pngPath));
    assert.ok(width > 800 && height > 200, pngPath);
  }
  const names = await readdir(folder, { recursive: true });
  assert.deepEqual(
    names.filter((name) => name.endsWith('.tmp')),
    [],
  );
});

test('the page needs nothing from outside: no address, no script but that of the theme; what it links to are files', async () => {
  for (const input of [INPUTS['two variants'], INPUTS['hostile names']] as ReportInput[]) {
    const { htmlPath } = await writeReport(input, await newFolder());
    const html = (await readFile(htmlPath, 'utf8'))
      .replace(/\bxmlns(:\w+)?="[^"]*"/g, '')
      .replace(`<script>${KEPT_THEME_SCRIPT}</script>`, '');
    assert.doesNotMatch(html, /https?:|@import|<script|<link|<img|<iframe|<object|<embed/i);
    assert.doesNotMatch(html, /\b(src|xlink:href|action|data)="(?!#)/i);
    assert.doesNotMatch(html, /\bhref="(?!#|\.{1,2}\/)/i);
    assert.doesNotMatch(html, /url\((?!#)/i);
    assert.doesNotMatch(html, /["'(=]\/\//);
  }
});

test('ids are unique in the page, and each chart is told in words to those who cannot see it', async () => {
  const { htmlPath, charts } = await writeReport(INPUTS['two variants'] as ReportInput, await newFolder());
  const html = await readFile(htmlPath, 'utf8');
  const ids = [...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
  const drawings = [...html.matchAll(/<svg [^>]*role="img" aria-label="([^"]+)"/g)];
  assert.equal(drawings.length, 2 * charts.length); // for a desk and for a phone
  for (const [, label] of drawings) assert.ok((label ?? '').length > 30);
});

test('every link and picture of the Markdown is a file', async () => {
  const { markdownPath } = await writeReport(INPUTS['two variants'] as ReportInput, await newFolder());
  const markdown = await readFile(markdownPath, 'utf8');
  const targets = [...markdown.matchAll(/(?<!\\)\]\(([^)]+)\)/g)].map(([, target]) => target as string);
  assert.ok(targets.length >= 18);
  for (const target of targets) assert.ok(existsSync(join(dirname(markdownPath), target)), target);
});

test('an experiment without a run still has a page', async () => {
  const { experiment } = buildExperiment(
    {},
    { state: 'interrupted', failure: 'stopped', comparisons: [], runs: [] },
  );
  const written = await writeReport({ kind: 'experiment', experiment, runs: [] }, await newFolder());
  assert.deepEqual(written.charts, []);
  assert.match(await readFile(written.htmlPath, 'utf8'), /Incomplete: the experiment was interrupted/);
});

test('a report is written over an older one', async () => {
  const folder = await newFolder();
  const first = await writeReport({ kind: 'run', run: buildRun({ scenario: 'stress' }) }, folder);
  const before = await readFile(first.htmlPath, 'utf8');
  const second = await writeReport(
    { kind: 'run', run: buildRun({ scenario: 'stress', variant: 'optimised' }) },
    folder,
  );
  assert.notEqual(await readFile(second.htmlPath, 'utf8'), before);
});

test('a folder that cannot be made ends in one error that says what to do', async () => {
  const folder = await newFolder();
  await writeFile(join(folder, 'taken'), '');
  await assert.rejects(writeReport({ kind: 'run', run: buildRun() }, join(folder, 'taken', 'report')), {
    name: 'HarnessError',
    code: 'RESULT_WRITE_FAILED',
  });
});

test('a comparison that was made more than once is drawn for a desk and for a phone, without a warning', async () => {
  const input = INPUTS['two variants'] as ReportInput;
  const repeated = ratioSeries(
    ['2026-11-22T21:04:00.000Z', '2026-11-24T21:04:00.000Z'].map((startedAt, index) => ({
      ...{ startedAt, scenario: 'load' },
      ratios: storedRatios(input).map((ratio) => ({ ...ratio, machine: `machine ${index}` })),
    })),
  );
  assert.equal(repeated.length, 1);
  for (const series of repeated) {
    const chart = ratioOverTimeChart(series, 'experiments-1');
    for (const widthPx of [WIDE_PX, PHONE_PX]) {
      const warnings: string[] = [];
      const svg = await renderSvg(chart.draw(widthPx), (message) => warnings.push(message));
      assert.deepEqual(warnings, []);
      assert.match(svg, />other machine</);
    }
  }
});
