import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LIVE_FILE, type LiveState } from '../../harness/live/live-feed.ts';
import { listResultIds } from '../../harness/store/read-results.ts';

/** What the feeds of all results tell now. A feed is replaced as a whole: half of one would be no JSON. */
export async function liveStates(resultsRoot: string): Promise<LiveState[]> {
  const ids = await listResultIds(resultsRoot).catch(() => []);
  const texts = await Promise.all(
    ids.map((id) => readFile(path.join(resultsRoot, id, LIVE_FILE), 'utf8').catch(() => null)),
  );
  return texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as LiveState]));
}
