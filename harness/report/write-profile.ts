import { join } from 'node:path';
import type { ProfileRecord } from '../profile-record.ts';
import { formatCount, formatDuration, formatInstant } from '../quantity.ts';
import { writeDurably } from '../store/durable-file.ts';
import { CHART_FOLDER, writeChartFigure } from './chart-figure.ts';
import { callsAgainstSizeChart } from './charts/calls-against-size.ts';
import type { Chart } from './charts/chart.ts';
import { contextLine } from './charts/context.ts';
import { costliestStatementsChart } from './charts/costliest-statements.ts';
import { wallTimeShareChart } from './charts/wall-time-share.ts';
import { dispatchSizeWords, historyWords, namedSize } from './dataset-size.ts';
import { median } from './dispatch-summary.ts';
import { nPlusOneIssues } from './n-plus-one-issues.ts';
import { profilingResults } from './profiling-results.ts';
import { createReportFolder, type WrittenChart } from './write-chart.ts';
import type { WriteReportOptions } from './write-report.ts';

export const PROFILING_RESULTS_FILE = 'PROFILING_RESULTS.md';
export const ISSUES_FILE = 'N_PLUS_ONE_ISSUES.md';

export interface WrittenProfile {
  profilingPath: string;
  issuesPath: string;
  charts: WrittenChart[];
}

/**
 * Writes the pages of a profile, `PROFILING_RESULTS.md` and `N_PLUS_ONE_ISSUES.md`, and `charts/` beside them.
 *
 * @throws HarnessError RESULT_WRITE_FAILED when a file cannot be written
 */
export async function writeProfileReport(
  profile: ProfileRecord,
  folder: string,
  { onProgress = () => {} }: WriteReportOptions = {},
): Promise<WrittenProfile> {
  const { timeShare, statements, plans, growth } = profile;
  const what = subjectOf(profile);
  const wallTime = wallTimeShareChart(timeShare, what);
  const costliest = costliestStatementsChart(statements, what);
  const calls = callsAgainstSizeChart(growth.findings, `${profile.variant}, small datasets of growing size`);
  await createReportFolder(join(folder, CHART_FOLDER));
  const charts: WrittenChart[] = [];
  for (const chart of [wallTime, costliest, calls].filter((one): one is Chart => one !== null)) {
    onProgress(`chart ${chart.name}`);
    charts.push((await writeChartFigure(chart, join(folder, CHART_FOLDER))).written);
  }
  onProgress('pages');
  const profilingPath = join(folder, PROFILING_RESULTS_FILE);
  const unseen = [...profile.visibility.missing, ...profile.warnings];
  const context = `${contextLine(what, measuredAt(profile))}. ${tapText(profile)}`;
  await writeDurably(
    profilingPath,
    profilingResults(
      { timeShare, slow: statements, plans, unseen },
      { context, charts: { wallTime, costliest } },
    ),
  );
  const issuesPath = join(folder, ISSUES_FILE);
  await writeDurably(
    issuesPath,
    nPlusOneIssues(growth, { context: contextLine(what, measuredAt(profile)), chart: calls }),
  );
  return { profilingPath, issuesPath, charts };
}

/** "baseline, dataset load: 100 bookings a dispatch, 50 drivers, 100,000 past bookings" */
function subjectOf({ variant, dataset }: ProfileRecord): string {
  const size = [...dispatchSizeWords(dataset), ...historyWords(dataset)];
  return `${variant}, ${namedSize(`dataset ${dataset.profile}`, size)}`;
}

function measuredAt({ startedAt, environment, id }: ProfileRecord): string {
  const { cpuCount, cpuModel, postgres } = environment;
  return `PostgreSQL ${postgres.version} on ${cpuCount} × ${cpuModel} · ${formatInstant(startedAt)} · ${id}`;
}

/** What listening costs, so that nobody takes its share for the service's. */
function tapText({ dispatches }: ProfileRecord): string {
  const heard = median(dispatches.map(({ wallMs }) => wallMs)) ?? 0;
  const alone = median(dispatches.map(({ undisturbedMs }) => undisturbedMs)) ?? 0;
  return `Statements were heard between service and database. The same dispatches took ${formatDuration(alone)} with nothing in between and ${formatDuration(heard)} so (medians of ${formatCount(dispatches.length)}); what listening adds is among the round trips and the service's own time.`;
}
