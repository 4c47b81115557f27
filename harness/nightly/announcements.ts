import path from 'node:path';
import type { NightRecord } from '../night-record.ts';
import { writeDurably } from '../store/durable-file.ts';
import { toJson } from '../store/record-text.ts';
import { makeFolder } from '../store/writing.ts';
import { nightLines } from './night-lines.ts';

/** Writes a night for those who were not there, as the record and as Markdown. Returns the files. @throws HarnessError RESULT_WRITE_FAILED */
export async function writeAnnouncements(night: NightRecord, folder: string): Promise<string[]> {
  await makeFolder(folder);
  const [first = '', ...rest] = nightLines(night);
  const files = {
    'night.json': toJson(night),
    'night.md': `**${first}**\n\n${rest.map((line) => `- ${line.trim()}`).join('\n')}\n`,
  };
  for (const [name, text] of Object.entries(files)) await writeDurably(path.join(folder, name), text);
  return Object.keys(files).map((name) => path.join(folder, name));
}
