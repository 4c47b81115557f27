import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { ResultFolder } from '../../store/result-folder.ts';
import { makeFolder } from '../../store/writing.ts';
import type { WeekContext } from './week-task.ts';

/** An empty folder of a task inside the week's. What an earlier sitting left there half done goes. */
export async function emptyTaskFolder(
  { folder }: Pick<WeekContext, 'folder'>,
  ...names: readonly string[]
): Promise<ResultFolder & { readonly relative: string }> {
  const relative = path.join(...names);
  const place = path.join(folder, relative);
  await rm(place, { recursive: true, force: true });
  await makeFolder(place);
  return { id: [path.basename(folder), ...names].join('/'), folder: place, relative };
}
