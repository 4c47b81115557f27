import { appendFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { NightRecord } from '../night-record.ts';
import { redact } from '../secrets.ts';
import { writeDurably } from '../store/durable-file.ts';
import { makeFolder, writing } from '../store/writing.ts';
import { annotationFlavour, codeQuality, nightAnnotations } from './night-annotations.ts';
import { nightBadge } from './night-badge.ts';
import { nightJUnit } from './night-junit.ts';
import { type NightSurroundings, nightMarkdown, SUMMARY_BYTES } from './night-markdown.ts';

export interface AnnouncementOptions extends Partial<NightSurroundings> {
  /** Says which CI it is, and where its summary is (`GITHUB_STEP_SUMMARY`). */
  readonly environment: NodeJS.ProcessEnv;
  /** The config, seen from the repository: where GitLab shows what was found. Default `rushhour.config.ts`. */
  readonly configFile?: string;
}

export interface Announcements {
  /** As long as a comment may be; its last line is the marker by which the comment is found again. */
  readonly markdown: string;
  readonly junit: string;
  readonly badge: string;
  readonly codeQuality: string;
  /** Lines to be printed on stderr or stdout, as this CI reads them. */
  readonly annotations: readonly string[];
}

/**
 * Writes what a CI and people are told of a night: `nightly.md`, `nightly.junit.xml`, `badge.json` and `gl-code-quality.json` in the folder, which
 * is made, and the Markdown at the end of the job's summary where there is one.
 *
 * @returns the paths, and the annotations that the caller prints
 * @throws HarnessError RESULT_WRITE_FAILED
 */
export async function writeAnnouncements(
  night: NightRecord,
  folder: string,
  {
    environment,
    historyProblems = [],
    changePoints = [],
    configFile = 'rushhour.config.ts',
  }: AnnouncementOptions,
): Promise<Announcements> {
  const surroundings = { historyProblems, changePoints };
  const files = {
    markdown: path.join(folder, 'nightly.md'),
    junit: path.join(folder, 'nightly.junit.xml'),
    badge: path.join(folder, 'badge.json'),
    codeQuality: path.join(folder, 'gl-code-quality.json'),
  };
  await makeFolder(folder);
  await writeDurably(files.markdown, nightMarkdown(night, surroundings));
  await writeDurably(files.junit, nightJUnit(night));
  await writeDurably(files.badge, json(nightBadge(night)));
  await writeDurably(files.codeQuality, json(codeQuality(night, configFile)));
  if (environment.GITHUB_STEP_SUMMARY)
    await appendSummary(night, surroundings, environment.GITHUB_STEP_SUMMARY);
  return { ...files, annotations: nightAnnotations(night, annotationFlavour(environment)).map(redact) };
}

/** A summary that is too long is not shown at all, and other commands of the step may have written to it before. */
async function appendSummary(
  night: NightRecord,
  surroundings: NightSurroundings,
  file: string,
): Promise<void> {
  const before = await stat(file).then(
    ({ size }) => size,
    () => 0,
  );
  const text = redact(nightMarkdown(night, surroundings, SUMMARY_BYTES - before - 2));
  await writing(file, () => appendFile(file, before === 0 ? text : `\n${text}`));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
