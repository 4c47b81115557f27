import path from 'node:path';
import { adviceLines } from '../advice/advice-headline.ts';
import { type WrittenAdvice, writeAdviceReport } from '../advice/write-advice-report.ts';
import type { AdviceRecord } from '../advice-record.ts';
import { HarnessError } from '../errors.ts';
import type { ProfileRecord } from '../profile-record.ts';
import { profileLines } from '../report/profile-headline.ts';
import { weekLines } from '../report/week/week-headline.ts';
import { writeWeekReport } from '../report/week/write-week-report.ts';
import { writeProfileReport } from '../report/write-profile.ts';
import { headlineLines, type ReportInput, writeReport } from '../report/write-report.ts';
import { isThere } from '../store/is-there.ts';
import { readResult } from '../store/read-results.ts';
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
  const lines = [...headlineLines(input), '', reportLine(report.htmlPath)];
  return { path: report.htmlPath, lines };
}

/** The same of a profile: its page, the same in Markdown, and its charts. */
export async function publishProfile(
  context: CommandContext,
  profile: ProfileRecord,
  resultFolder: string,
): Promise<PublishedReport> {
  const report = await context.progress.step('Charts and report', (update) =>
    writeProfileReport(profile, path.join(resultFolder, 'report'), { onProgress: update }),
  );
  const pages = [report.htmlPath, report.profilingPath, report.issuesPath];
  return { path: report.htmlPath, lines: [...profileLines(profile), '', ...pages.map(reportLine)] };
}

/** The same of an advice. */
export async function publishAdvice(advice: AdviceRecord, resultFolder: string): Promise<PublishedReport> {
  return publishedAdvice(advice, await writeAdviceReport(advice, resultFolder));
}

/** Of an advice that is drawn already. */
export function publishedAdvice(
  advice: AdviceRecord,
  { htmlPath, markdownPath }: WrittenAdvice,
): PublishedReport {
  return { path: htmlPath, lines: [...adviceLines(advice), '', ...[htmlPath, markdownPath].map(reportLine)] };
}

/** The same of a week: its final report and a report of each day. */
export async function publishWeek(
  context: CommandContext,
  week: WeekRecord,
  resultFolder: string,
): Promise<PublishedReport> {
  await publishMissingParts(context, week, resultFolder);
  const report = await context.progress.step('Charts and reports', (update) =>
    writeWeekReport(week, path.join(resultFolder, 'report'), { onProgress: update }),
  );
  const pages = [report.htmlPath, report.markdownPath];
  return { path: report.htmlPath, lines: [...weekLines(week), '', ...pages.map(reportLine)] };
}

/** The pages of a week link to those of its profiles and its advice, which older results have as Markdown alone. */
async function publishMissingParts(
  context: CommandContext,
  { facts: { profile, profileAfter, priorities } }: WeekRecord,
  resultFolder: string,
): Promise<void> {
  for (const part of [profile, profileAfter, priorities]) {
    if (!part?.folder) continue;
    const folder = path.join(resultFolder, part.folder);
    const isOlder = (await isThere(folder)) && !(await isThere(path.join(folder, 'report', 'index.html')));
    if (isOlder) await publishPart(context, folder);
  }
}

/** A part that cannot be read is no reason to draw no week. */
async function publishPart(context: CommandContext, folder: string): Promise<void> {
  try {
    const stored = await readResult(path.dirname(folder), folder);
    if (stored.kind === 'profile') await publishProfile(context, stored.profile, folder);
    if (stored.kind === 'advice') await publishAdvice(stored.advice, folder);
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    context.progress.note(`  not drawn: ${error.message}`);
  }
}

/** From the working folder where the file is below it. */
function reportLine(file: string): string {
  const shown = path.relative(process.cwd(), file);
  return `Report: ${shown.startsWith('..') ? file : shown}`;
}
