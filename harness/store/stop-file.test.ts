import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { SILENT } from '../../test/support/silent-progress.ts';
import { STOP_FILE, untilStopFile } from './stop-file.ts';

function folder(t: { after(work: () => void): void }): string {
  const made = mkdtempSync(path.join(tmpdir(), 'rushhour-stop-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

const undisturbed = () => ({ signal: new AbortController().signal, progress: SILENT });

test('a file that is made meanwhile ends the work, and the reason names it', async (t) => {
  const place = folder(t);
  const reason = await untilStopFile(place, undisturbed(), async (signal) => {
    assert.equal(signal.aborted, false);
    writeFileSync(path.join(place, STOP_FILE), '');
    await once(signal, 'abort');
    return signal.reason;
  });
  assert.equal(reason.code, 'INTERRUPTED');
  assert.equal(reason.message, `Interrupted by the file ${place}/STOP: what was measured is kept.`);
});

test('one that is left from before ends it at once', async (t) => {
  const place = folder(t);
  writeFileSync(path.join(place, STOP_FILE), '');
  assert.equal(await untilStopFile(place, undisturbed(), async (signal) => signal.aborted), true);
});

test('without it only the signal from outside ends it, for its own reason', async (t) => {
  const outside = new AbortController();
  const reason = await untilStopFile(
    folder(t),
    { signal: outside.signal, progress: SILENT },
    async (signal) => {
      outside.abort('enough');
      return signal.reason;
    },
  );
  assert.equal(reason, 'enough');
});
