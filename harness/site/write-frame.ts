import path from 'node:path';
import { makeFolder } from '../store/writing.ts';
import { bundleScript } from './bundle-scripts.ts';
import { DATA_FOLDER, SITE_SCRIPT, START_SCRIPT, STYLE_FILE } from './page-shell.ts';
import { siteStyle } from './site-style.ts';
import { writeChanged } from './write-changed.ts';

/**
 * Writes what all pages of the site share: style and scripts.
 * @param roomStyles the style of each room, after that of the shell
 * @throws HarnessError RESULT_WRITE_FAILED
 */
export async function writeFrame(resultsRoot: string, roomStyles: readonly string[]): Promise<void> {
  await makeFolder(path.join(resultsRoot, DATA_FOLDER));
  await writeChanged(path.join(resultsRoot, STYLE_FILE), siteStyle(roomStyles));
  await writeChanged(path.join(resultsRoot, START_SCRIPT), await bundleScript('start'));
  await writeChanged(path.join(resultsRoot, SITE_SCRIPT), await bundleScript('site'));
}
