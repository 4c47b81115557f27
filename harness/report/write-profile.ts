import { join } from 'node:path';
import type { ProfileRecord } from '../profile-record.ts';
import { writeDurably } from '../store/durable-file.ts';
import { CHART_FOLDER, type DrawnChart, writeChartFigure } from './chart-figure.ts';
import type { Chart } from './charts/chart.ts';
import { profilePage } from './profile-html.ts';
import { type ProfilePart, partMarkdown } from './profile-part.ts';
import { profileView } from './profile-view.ts';
import { createReportFolder, type WrittenChart } from './write-chart.ts';
import type { WriteReportOptions } from './write-report.ts';

export const PROFILING_RESULTS_FILE = 'PROFILING_RESULTS.md';
export const ISSUES_FILE = 'N_PLUS_ONE_ISSUES.md';

export interface WrittenProfile {
  /** `index.html`: both parts of the profile. */
  htmlPath: string;
  profilingPath: string;
  issuesPath: string;
  charts: WrittenChart[];
}

/**
 * Draws a profile from its record alone: `index.html`, the same as Markdown in two, `PROFILING_RESULTS.md` and
 * `N_PLUS_ONE_ISSUES.md`, and `charts/` beside them.
 *
 * @throws HarnessError RESULT_WRITE_FAILED when a file cannot be written
 */
export async function writeProfileReport(
  profile: ProfileRecord,
  folder: string,
  { onProgress = () => {} }: WriteReportOptions = {},
): Promise<WrittenProfile> {
  const view = profileView(profile);
  await createReportFolder(join(folder, CHART_FOLDER));
  const drawings = new Map<string, DrawnChart>();
  const charts: WrittenChart[] = [];
  for (const chart of [view.profiling, view.issues].flatMap(chartsOf)) {
    onProgress(`chart ${chart.name}`);
    const { written, drawn } = await writeChartFigure(chart, join(folder, CHART_FOLDER));
    charts.push(written);
    drawings.set(chart.name, drawn);
  }
  onProgress('pages');
  const htmlPath = join(folder, 'index.html');
  const profilingPath = join(folder, PROFILING_RESULTS_FILE);
  const issuesPath = join(folder, ISSUES_FILE);
  await writeDurably(profilingPath, partMarkdown(view.profiling));
  await writeDurably(issuesPath, partMarkdown(view.issues));
  await writeDurably(htmlPath, profilePage(view, drawings));
  return { htmlPath, profilingPath, issuesPath, charts };
}

function chartsOf({ opening, sections }: ProfilePart): Chart[] {
  return [opening, ...sections].flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === 'chart' ? [block.chart] : [])),
  );
}
