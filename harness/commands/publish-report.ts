import path from 'node:path';
import { headlineLines, type ReportInput, writeReport } from '../report/write-report.ts';
import type { CommandContext } from './command-context.ts';

/** Draws the report of a result beside it. `lines`: the headline and where the report is, for the terminal. */
export async function publishReport(
  context: CommandContext,
  input: ReportInput,
  resultFolder: string,
): Promise<{ htmlPath: string; lines: string[] }> {
  const report = await context.progress.step('Charts and report', (update) =>
    writeReport(input, path.join(resultFolder, 'report'), { onProgress: update }),
  );
  const shown = path.relative(process.cwd(), report.htmlPath);
  const lines = [...headlineLines(input), '', `Report: ${shown.startsWith('..') ? report.htmlPath : shown}`];
  return { htmlPath: report.htmlPath, lines };
}
