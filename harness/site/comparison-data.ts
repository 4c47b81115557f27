import { readdir } from 'node:fs/promises';
import path from 'node:path';
import {
  binSeconds,
  endpointSummaries,
  latencyGenerator,
  loadsBy,
  mergedCurve,
  mergedSeries,
  percentileCurves,
} from '../report/load-summary.ts';
import type { ReportInput } from '../report/report-input.ts';
import { sceneOf } from '../report/scene.ts';
import type { RunRecord } from '../result.ts';
import { writeDurably } from '../store/durable-file.ts';
import type { StoredRuns } from '../store/read-results.ts';
import { makeFolder } from '../store/writing.ts';
import type { ComparisonData, LoadLine, LoadPanel } from './compared-data.ts';
import { dataFile } from './data-file.ts';
import { DATA_FOLDER } from './page-shell.ts';

/**
 * Writes `site/data/<id>.js` of a run or an experiment: what the compare page needs of it.
 * @throws HarnessError RESULT_WRITE_FAILED
 */
export async function writeComparisonData(resultsRoot: string, result: StoredRuns): Promise<void> {
  const folder = path.join(resultsRoot, DATA_FOLDER);
  await makeFolder(folder);
  const data = comparisonData(result, await drawnCharts(result.folder));
  await writeDurably(path.join(folder, `${result.id}.js`), dataFile(result.id, data));
}

/** What the rules of a comparison ask of a result, and the lines that are drawn beside another's. Pure. */
export function comparisonData(result: StoredRuns, charts: readonly string[]): ComparisonData {
  const input: ReportInput =
    result.kind === 'run'
      ? { kind: 'run', run: result.run }
      : { kind: 'experiment', experiment: result.experiment, runs: [...result.runs] };
  return { result: withoutSamples(result), charts, panels: loadPanels(input) };
}

/** Without what only charts show. Of an experiment only runs that dispatched alone are compared with other results. */
function withoutSamples(result: StoredRuns): StoredRuns {
  if (result.kind === 'run') return { ...result, folder: '', run: lightRun(result.run) };
  const { experiment } = result;
  return {
    ...result,
    folder: '',
    experiment: { ...experiment, runs: [], plan: { ...experiment.plan, slots: [] } },
    runs: result.runs
      .filter(({ part, run }) => part === 'count' || run.probe !== null)
      .map((one) => ({ ...one, run: lightRun(one.run) })),
  };
}

function lightRun(run: RunRecord): RunRecord {
  return {
    ...run,
    loads: run.loads.map((load) => ({
      ...load,
      report: {
        ...load.report,
        series: [],
        endpoints: load.report.endpoints.map((endpoint) => ({ ...endpoint, percentiles: [] })),
      },
      database: load.database && { ...load.database, statements: [] },
    })),
  };
}

/** Panels of one result: as many endpoints as a report draws. */
const MOST_ENDPOINTS = 6;
/** A panel is some 450 pixels wide. */
const MOST_BINS = 120;

function loadPanels(input: ReportInput): LoadPanel[] {
  const { groups } = sceneOf(input, 'loads');
  const generator = latencyGenerator(groups);
  if (generator === null) return [];
  const requests = new Map<string, number>();
  for (const group of groups)
    for (const one of endpointSummaries(group, generator))
      requests.set(one.endpoint, (requests.get(one.endpoint) ?? 0) + one.requests);
  const endpoints = [...requests].toSorted((a, b) => b[1] - a[1]).slice(0, MOST_ENDPOINTS);
  const percentiles = endpoints.map(([endpoint]): LoadPanel => {
    const lines = groups.map((group): LoadLine => {
      const curve = mergedCurve(percentileCurves(group, generator, endpoint));
      return { variant: group.variant, points: curve.map(({ quantile, ms }) => [quantile, ms]) };
    });
    return { kind: 'percentiles', subject: endpoint, lines: lines.filter(hasPoints) };
  });
  const all = groups.map((group) => ({ variant: group.variant, loads: loadsBy(group, generator) }));
  const seconds = Math.max(
    0,
    ...all.flatMap(({ loads }) => loads.map(({ load }) => load.report.series.length)),
  );
  const bin = binSeconds(seconds, MOST_BINS);
  const overTime = all.map(
    ({ variant, loads }): LoadLine => ({
      variant,
      points: mergedSeries(loads, bin).flatMap(({ second, p95Ms }) =>
        p95Ms === null ? [] : [[second, p95Ms]],
      ),
    }),
  );
  return [
    ...percentiles,
    { kind: 'over-time' as const, subject: 'all requests, p95', lines: overTime.filter(hasPoints) },
  ].filter(({ lines }) => lines.length > 0);
}

function hasPoints({ points }: LoadLine): boolean {
  return points.length > 0;
}

/** The pictures that the result's report has drawn, by name; the SVG where there are both. */
async function drawnCharts(folder: string): Promise<string[]> {
  const place = path.join(folder, 'report', 'charts');
  // A result without a report yet is compared all the same.
  const files = await readdir(place).catch(() => []);
  const named = new Map<string, string>();
  for (const file of files.toSorted()) {
    const { name, ext } = path.parse(file);
    if (ext === '.svg' || (ext === '.png' && !named.has(name))) named.set(name, file);
  }
  return [...named.values()].toSorted();
}
