import assert from 'node:assert/strict';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import { appendNight } from '../../harness/history/history-file.ts';
import { rushhour, scratchFolder } from '../support/command.ts';
import { buildNight, buildScenario, buildTiming, commitOf } from '../support/night-builders.ts';
import { PLAIN, tripsConfig, writeConfig } from '../support/trips.ts';

/** Sixteen nights of which two are missing and the last six are 10 % slower, one on another branch, and half a line. */
async function storeHistory(t: TestContext): Promise<string> {
  const file = path.join(await scratchFolder(t), 'history.ndjson');
  for (let number = 1; number <= 16; number++) {
    if (number === 4 || number === 5) continue;
    // A spread of 0.5 %, by formula.
    const ratio = (number < 11 ? 1 : 1.1) * (1 + 0.005 * Math.sin(7 * number));
    const quiet = buildTiming(1.5 - 0.05 * number, { metric: 'p95', role: 'exploratory' });
    await appendNight(
      file,
      buildNight(number, { scenarios: [buildScenario(1, { timings: [buildTiming(ratio), quiet] })] }),
    );
  }
  await appendNight(
    file,
    buildNight(17, { branch: 'release', verdict: 'regressed', headline: 'slower by half' }),
  );
  await appendFile(file, '{"schema":"rushhour.night/1","id":"nig');
  return file;
}

const history = (file: string, ...args: string[]) => rushhour(['history', '--history', file, ...args]);

describe('rushhour history', () => {
  test('lists nights with their verdicts, what is odd about the file, gaps, and change points with the commits between', async (t) => {
    const { stdout, exitCode } = await history(await storeHistory(t));
    assert.equal(exitCode, EXIT.fine);
    const lines = `${stdout}`.split('\n');
    assert.match(
      lines[0] ?? '',
      /^1 Oct 2026, 01:00 UTC\s+main\s+= fine\s+dispatch time unchanged .*\(recorded, not measured\)$/,
    );
    assert.match(`${stdout}`, /^17 Oct 2026, 01:00 UTC\s+release\s+✖ regressed\s+slower by half/m);
    assert.match(`${stdout}`, /^ {2}line 16: a night that breaks off after 38 bytes/m); // 14 + 1 whole lines before it
    assert.match(`${stdout}`, /between 3 Oct 2026.* and 6 Oct 2026.* an estimated 2 nights are missing/);
    assert.match(`${stdout}`, /load, main: dispatch time \+\d+\.\d % since the night of 11 Oct 2026/);
    const [good, bad] = [commitOf(10).slice(0, 12), commitOf(11).slice(0, 12)];
    assert.ok(
      `${stdout}`.includes(`rushhour bisect --good ${good} --bad ${bad} --scenario load`),
      `${stdout}`,
    );
    assert.doesNotMatch(`${stdout}`, /p95/); // exploratory
  });

  test('--json is one document, and --branch leaves out the nights of others', async (t) => {
    const { stdout, exitCode } = await history(await storeHistory(t), '--json', '--branch', 'release');
    assert.equal(exitCode, EXIT.fine);
    const { nights, problems, missing, changePoints } = JSON.parse(`${stdout}`);
    assert.deepEqual([nights.length, problems.length, missing, changePoints], [1, 1, [], []]);
  });

  test('the site has the trends of the file that the config here names, or that is named', async (t) => {
    const folder = await scratchFolder(t);
    const [kept, other] = [path.join(folder, 'kept.ndjson'), path.join(folder, 'other.ndjson')];
    await appendNight(kept, buildNight(1));
    await appendNight(other, buildNight(2));
    await mkdir(path.join(folder, '.git')); // of which a variant is
    const variants = { service: { ...PLAIN, source: { repository: '.', ref: 'HEAD' } } };
    const night = { reference: 'v1', history: 'kept.ndjson' };
    await writeConfig(folder, tripsConfig({ variants, nightly: night }));
    const trends = async (...args: string[]) => {
      const { exitCode, stderr } = await rushhour(['report', ...args], { cwd: folder });
      assert.equal(exitCode, EXIT.fine, `${stderr}`);
      return readFile(path.join(folder, 'results/site/trends/index.html'), 'utf8');
    };
    const nights = (page: string) => [1, 2].filter((number) => page.includes(`${number} Oct 2026`));
    assert.deepEqual(nights(await trends()), [1]);
    assert.deepEqual(nights(await trends('--history', 'other.ndjson')), [2]);
    await writeFile(path.join(folder, 'rushhour.config.json'), '{');
    assert.deepEqual(nights(await trends()), []); // what is being written stops nobody from looking
    const missing = await rushhour(['report', '--history', 'none.ndjson'], { cwd: folder });
    assert.equal(missing.exitCode, EXIT.usage);
    assert.match(`${missing.stderr}`, /--history: there is no file .*none\.ndjson/);
  });

  test('without the file it ends with exit code 2 and says what makes one', async (t) => {
    const { stderr, exitCode } = await history(path.join(await scratchFolder(t), 'none'));
    assert.equal(exitCode, EXIT.usage);
    assert.match(`${stderr}`, /there is no file .*\n.*`rushhour nightly` makes it/);
  });
});
