import path from 'node:path';
import { adviceLines } from '../advice/advice-headline.ts';
import { adviceMarkdown } from '../advice/advice-markdown.ts';
import type { AdviceRecord } from '../advice-record.ts';
import type { ProfileRecord } from '../profile-record.ts';
import { profileLines } from '../report/profile-headline.ts';
import { weekLines } from '../report/week/week-headline.ts';
import { writeWeekReport } from '../report/week/write-week-report.ts';
import { writeProfileReport } from '../report/write-profile.ts';
import { headlineLines, type ReportInput, writeReport } from '../report/write-report.ts';
import { writeAdvicePage } from '../store/advice-folder.ts';
import type { WeekRecord } from '../week-record.ts';
import type { CommandContext } from './command-context.ts';

export interface PublishedReport {
  /** What to open first. */
  readonly path: string;
  /** For the terminal: the headline, and where the report is. */
  readonly lines: string[];
}

/** Draws the report of a result beside it. */
export async function publishReport(
  context: CommandContext,
  input: ReportInput,
  resultFolder: string,
): Promise<PublishedReport> {
  const report = await context.progress.step('Charts and report', (update) =>
    writeReport(input, path.join(resultFolder, 'report'), { onProgress: update }),
  );
  const lines = [...headlineLines(input), '', `Report: ${shownPath(report.htmlPath)}`];
  return { path: report.htmlPath, lines };
}

/** The same of a profile: its pages in Markdown, and its charts. */
export async function publishProfile(
  context: CommandContext,
  profile: ProfileRecord,
  resultFolder: string,
): Promise<PublishedReport> {
  const report = await context.progress.step('Charts and report', (update) =>
    writeProfileReport(profile, path.join(resultFolder, 'report'), { onProgress: update }),
  );
  const pages = [report.profilingPath, report.issuesPath].map((page) => `Report: ${shownPath(page)}`);
  return { path: report.profilingPath, lines: [...profileLines(profile), '', ...pages] };
}

/** The same of an advice: its page, drawn from the record. */
export async function publishAdvice(advice: AdviceRecord, resultFolder: string): Promise<PublishedReport> {
  const page = await writeAdvicePage(resultFolder, adviceMarkdown(advice));
  return { path: page, lines: [...adviceLines(advice), '', `Report: ${shownPath(page)}`] };
}

/** The same of a week: its final report and a report of each day. */
export async function publishWeek(
  context: CommandContext,
  week: WeekRecord,
  resultFolder: string,
): Promise<PublishedReport> {
  const report = await context.progress.step('Charts and reports', (update) =>
    writeWeekReport(week, path.join(resultFolder, 'report'), { onProgress: update }),
  );
  const pages = [report.htmlPath, report.markdownPath].map((page) => `Report: ${shownPath(page)}`);
  return { path: report.htmlPath, lines: [...weekLines(week), '', ...pages] };
}

function shownPath(file: string): string {
  const shown = path.relative(process.cwd(), file);
  return shown.startsWith('..') ? file : shown;
}
