/** The trend pages of the site: one for each target and scenario of the nights, and an overview. */
import path from 'node:path';
import { changePoints } from '../history/change-points.ts';
import type { NightSeries } from '../history/night-series.ts';
import { nightSeries } from '../history/night-series.ts';
import type { NightRecord } from '../night-record.ts';
import { countOf } from '../quantity.ts';
import { CHART_FOLDER, writeChartFigure } from '../report/chart-figure.ts';
import { type Chart, PHONE_PX } from '../report/charts/chart.ts';
import { nightCountersChart } from '../report/charts/night-counters.ts';
import { type NightRatio, nightRatioChart, smallNightChart } from '../report/charts/night-ratio.ts';
import { INK } from '../report/charts/palette.ts';
import { ratioOverTimeChart } from '../report/charts/ratio-over-time.ts';
import { type CounterSteps, counterSteps } from '../report/counter-steps.ts';
import type { CsvRows } from '../report/csv.ts';
import { escapeHtml } from '../report/escape.ts';
import { chartHtml } from '../report/html-blocks.ts';
import { inlineSvg, themedColour } from '../report/inline-svg.ts';
import { type RatioSeries, ratioSeries } from '../report/ratio-series.ts';
import type { StoredRatio } from '../report/stored-ratio.ts';
import { writeDurably } from '../store/durable-file.ts';
import { makeFolder } from '../store/writing.ts';
import { hrefFrom, sitePage } from './page-shell.ts';
import { changesHtml, countersHtml, gapsHtml, nightsHtml } from './trend-tables.ts';

export interface TrendSources {
  readonly resultsRoot: string;
  /** Oldest first. */
  readonly nights: readonly NightRecord[];
  /** What could not be read of the history, in words. */
  readonly problems: readonly string[];
  /** Every result of the site, with the ratios of its experiments. */
  readonly results: readonly {
    readonly id: string;
    readonly startedAt: string;
    readonly scenario: string;
    readonly ratios?: readonly StoredRatio[];
  }[];
  readonly signal?: AbortSignal | undefined;
}

const TRENDS_FOLDER = 'site/trends';
const OVERVIEW = `${TRENDS_FOLDER}/index.html`;

/** One target and scenario on a branch, with what its nights have measured. */
interface Trend {
  readonly title: string;
  /** File name without extension. */
  readonly slug: string;
  readonly scenario: string;
  /** Of this target and branch, those that hold the scenario. */
  readonly nights: readonly NightRecord[];
  readonly gates: readonly NightRatio[];
  readonly counters: readonly CounterSteps[];
}

/** Writes the overview and a page for each trend. @returns path of the overview @throws HarnessError RESULT_WRITE_FAILED; the reason of `signal` */
export async function writeTrendPages(sources: TrendSources): Promise<string> {
  await makeFolder(path.join(sources.resultsRoot, TRENDS_FOLDER, CHART_FOLDER));
  const trends = trendsOf(sources.nights);
  for (const trend of trends) await writeTrendPage(trend, sources);
  return writeOverview(trends, sources);
}

/** Groups the nights into trends; each has the metrics that decide, or all where none does. Pure. */
export function trendsOf(nights: readonly NightRecord[]): Trend[] {
  const recorded = new Set(nights.filter(({ origin }) => origin === 'recorded').map(({ id }) => id));
  const groups = new Map<string, NightSeries[]>();
  for (const series of nightSeries(nights)) {
    const key = JSON.stringify([series.target, series.branch, series.scenario]);
    groups.set(key, [...(groups.get(key) ?? []), series]);
  }
  return [...groups.values()].map((group, index): Trend => {
    const { target, branch, scenario } = group[0] as NightSeries; // a group has a member, or it were none
    const gates = group.filter(({ role }) => role === 'gate');
    const slug = `${slugOf([target, branch ?? '', scenario].join('-'))}-${index + 1}`;
    const own = nights.filter(
      (night) =>
        night.target === target &&
        night.branch === branch &&
        night.scenarios.some((one) => one.scenario === scenario),
    );
    return {
      title: `${target} under ${scenario}${branch === null ? '' : `, ${branch}`}`,
      ...{ slug, scenario, nights: own },
      gates: (gates.length > 0 ? gates : group).map((series, place) => ({
        ...{ series, recorded, changes: changePoints(series) },
        name: `${slug}-metric-${place + 1}`,
      })),
      counters: counterSteps(own, scenario),
    };
  });
}

function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);
}

async function writeTrendPage(trend: Trend, { resultsRoot, results, signal }: TrendSources): Promise<void> {
  const place = `${TRENDS_FOLDER}/${trend.slug}.html`;
  const charts = path.join(resultsRoot, TRENDS_FOLDER, CHART_FOLDER);
  const figures: string[] = [];
  for (const gate of trend.gates) {
    signal?.throwIfAborted();
    figures.push(await figureHtml(nightRatioChart(gate), charts, nightRows(gate)));
  }
  const counters = nightCountersChart(trend.counters, `${trend.slug}-counters`);
  if (counters !== null) figures.push(await figureHtml(counters, charts, counterRows(trend.counters)));
  const changes = trend.gates.flatMap((gate) => gate.changes);
  const known = new Set(results.map(({ id }) => id));
  const hrefOf = (id: string) => (known.has(id) ? hrefFrom(place, `${id}/report/index.html`) : null);
  const main = [
    '<h2 id="changes">Changes of level</h2>',
    changesHtml(changes),
    '<h2 id="metrics">Night by night</h2>',
    ...figures,
    countersHtml(trend.counters),
    gapsHtml(trend.gates.map(({ series }) => series)),
    '<h2 id="nights">All nights</h2>',
    nightsHtml(trend.nights, trend.scenario, hrefOf),
  ];
  await writeDurably(
    path.join(resultsRoot, place),
    sitePage({
      title: trend.title,
      path: place,
      room: 'trends',
      header: `<h1>${escapeHtml(trend.title)}</h1><p class="subtitle">${countOf(trend.nights.length, 'night')}, candidate against a pinned reference, side by side in each</p>`,
      main: main.join('\n'),
    }),
  );
}

async function figureHtml(chart: Chart, folder: string, rows: CsvRows): Promise<string> {
  const { drawn } = await writeChartFigure(chart, folder, rows);
  return chartHtml(chart, drawn);
}

/** Comparisons of single experiments that are drawn; of those that were made most often. */
const MOST_EXPERIMENT_CHARTS = 8;

async function writeOverview(
  trends: readonly Trend[],
  { resultsRoot, problems, results, signal }: TrendSources,
): Promise<string> {
  const small = await Promise.all(trends.map(smallMultiple));
  const repeated = ratioSeries(results.map(({ ratios = [], ...one }) => ({ ...one, ratios })));
  const figures: string[] = [];
  for (const [index, series] of repeated.slice(0, MOST_EXPERIMENT_CHARTS).entries()) {
    signal?.throwIfAborted();
    const chart = ratioOverTimeChart(series, `experiments-${index + 1}`);
    const folder = path.join(resultsRoot, TRENDS_FOLDER, CHART_FOLDER);
    figures.push(await figureHtml(chart, folder, experimentRows(series)));
  }
  const main = [
    problems.length === 0
      ? ''
      : `<section><h2>What could not be read</h2><ul class="reasons">${problems.map((one) => `<li>${escapeHtml(one)}</li>`).join('')}</ul></section>`,
    trends.length === 0
      ? '<p class="missing">No nights yet. <code>rushhour nightly</code> measures one.</p>'
      : `<ul class="small-multiples">${small.join('\n')}</ul>`,
    figures.length === 0
      ? ''
      : `<section id="experiments"><h2>Experiments that were repeated</h2>\n${figures.join('\n')}\n</section>`,
  ];
  const file = path.join(resultsRoot, OVERVIEW);
  await writeDurably(
    file,
    sitePage({
      title: 'Trends',
      path: OVERVIEW,
      room: 'trends',
      header: `<h1>Trends</h1><p class="subtitle">How ratios moved, night by night; a ratio holds on any machine, a time would not</p>`,
      main: main.join('\n'),
    }),
  );
  return file;
}

/** The first metric that decides, small; the page has the rest. */
async function smallMultiple({ title, slug, scenario, nights, gates }: Trend): Promise<string> {
  const [gate] = gates;
  const newest = nights.at(-1)?.scenarios.find((one) => one.scenario === scenario);
  const changes = gates.flatMap((one) => one.changes).length;
  const note = [
    countOf(nights.length, 'night'),
    changes === 0 ? 'one level' : countOf(changes, 'change of level', 'changes of level'),
    ...(newest === undefined ? [] : [newest.headline]),
  ];
  const link = `<h2><a href="./${encodeURIComponent(slug)}.html">${escapeHtml(title)}</a></h2>`;
  if (gate === undefined || gate.series.points.length === 0)
    return `<li class="card">${link}<p class="missing">No night could be compared.</p></li>`;
  return `<li class="card">${link}${await smallDrawing(smallNightChart(gate))}<p class="note">${escapeHtml(`${gate.series.metric}: ${note.join(' · ')}`)}</p></li>`;
}

async function smallDrawing(chart: Chart): Promise<string> {
  const { renderSvg } = await import('../report/render-chart.ts');
  return inlineSvg(await renderSvg(chart.draw(PHONE_PX)), { id: chart.name, label: chart.finding });
}

function nightRows({ series, changes, recorded }: NightRatio): CsvRows {
  const starts = new Set(changes.map(({ night }) => night));
  const repins = new Set(series.repins.map(({ night }) => night));
  return [
    ['night', 'at', 'ratio', 'low', 'high', 'level', 'verdict', 'reference', 'candidate', 'origin', 'begins'],
    ...series.points.map((one) => [
      ...[one.night, one.at, one.ratio, one.low, one.high, one.level, one.verdict],
      ...[one.reference, one.candidate, recorded.has(one.night) ? 'recorded' : 'measured'],
      starts.has(one.night) ? 'level' : repins.has(one.night) ? 'reference' : '',
    ]),
  ];
}

function counterRows(steps: readonly CounterSteps[]): CsvRows {
  return [
    ['metric', 'unit', 'at', 'value'],
    ...steps.flatMap(({ metric, unit, points }) => points.map(({ at, value }) => [metric, unit, at, value])),
  ];
}

function experimentRows({ baseline, candidate, metric, points }: RatioSeries): CsvRows {
  return [
    ['startedAt', 'metric', 'baseline', 'candidate', 'ratio', 'low', 'high', 'level', 'pairs'],
    ...points.map((one) => [
      ...[one.startedAt, metric, baseline, candidate],
      ...[one.ratio, one.low, one.high, one.level, one.pairs],
    ]),
  ];
}

export const TREND_STYLE = `
.small-multiples{display:grid;grid-template-columns:repeat(auto-fill,minmax(330px,1fr));gap:0 16px;list-style:none;padding:0;margin:0}
.small-multiples h2{font-size:17px;margin:0 0 10px}
.small-multiples .card{min-width:0}
.change{border-left:4px solid ${themedColour(INK.line.light)};padding-left:14px;margin:0 0 18px}
@media (max-width:640px){.small-multiples{grid-template-columns:1fr}}
`;
