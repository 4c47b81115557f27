import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { monthOf } from '../../bench/month/days.ts';
import { monthSummary } from '../../bench/month/judge-night.ts';
import { judgeKeptMonth } from '../../bench/month/kept-month.ts';
import { verificationSteps } from '../../bench/verdicts/steps.ts';
import { summarise } from '../../bench/verdicts/summary.ts';
import { readVerified } from '../../bench/verdicts/verification-ledger.ts';
import { adviceLines } from '../../harness/advice/advice-headline.ts';
import { HarnessError } from '../../harness/errors.ts';
import { readHistory } from '../../harness/history/history-file.ts';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import { headlineLines } from '../../harness/report/headline.ts';
import { profileLines } from '../../harness/report/profile-headline.ts';
import { readmeWithWeek } from '../../harness/report/week/readme-table.ts';
import { newestWeekExample } from '../../harness/report/week/week-example.ts';
import { weekMarkdown } from '../../harness/report/week/week-markdown.ts';
import { weekPages } from '../../harness/report/week/write-week-report.ts';
import {
  appendCalibration,
  CALIBRATIONS_FILE,
  type Calibration,
  readCalibration,
} from '../../harness/store/calibrations.ts';
import { appendRecord, writeDurably } from '../../harness/store/durable-file.ts';
import {
  clearUnfinished,
  keepPair,
  openPair,
  readPairs,
  readSitting,
  writeEnd,
  writePlan,
  writeSoFar,
} from '../../harness/store/experiment-folder.ts';
import { publishedSchemas } from '../../harness/store/json-schema.ts';
import { appendToLedger, LEDGER_FILE, type LedgerEntry, readLedger } from '../../harness/store/ledger.ts';
import { listResultIds, readResult } from '../../harness/store/read-results.ts';
import { createResultFolder, recordEvent, writeRun } from '../../harness/store/result-folder.ts';
import { buildExperiment } from '../support/experiment-builders.ts';
import { buildRun } from '../support/run-builders.ts';

const LINE = {
  at: '2026-11-22T21:04:00.000Z',
  machine: 'm',
  scenario: 'load',
  variant: 'optimised',
  openBookingsPerDay: 100,
  pairs: 10,
};
const ENTRY = {
  commit: null,
  verdict: 'equivalent',
  unconfirmedVerdict: 'equivalent',
  metrics: [],
} satisfies Partial<LedgerEntry>;
const CALIBRATION = {
  tried: [],
  sliceSize: 1,
  dispatches: 40,
  noise: { 'dispatch time': 0.01 },
  experiment: 'x',
} satisfies Partial<Calibration>;

describe('the result store', () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'rushhour-results-'));
  });
  after(() => rm(root, { recursive: true, force: true }));

  const failsWith = (code: string, pattern: RegExp) => (error: unknown) => {
    assert.ok(error instanceof HarnessError, String(error));
    assert.equal(error.code, code);
    assert.match(`${error.message} ${error.hint}`, pattern);
    return true;
  };

  test('a run that was written is read back equal, by id, by its beginning, by `last` and by path', async () => {
    const place = await createResultFolder(root, ['run', 'load', 'baseline']);
    const run = buildRun({}, { id: place.id });
    await writeRun(place.folder, run);
    for (const reference of [place.id, place.id.slice(0, -2), 'last', place.folder]) {
      const result = await readResult(root, reference);
      assert.deepEqual(result.kind === 'run' && result.run, run);
    }
    assert.deepEqual(await listResultIds(root), [place.id]);
  });

  test('a folder without an end record is told to be incomplete, and where its events are', async () => {
    const folder = path.join(root, '20990101-000000-run-x-0000');
    await mkdir(folder);
    await recordEvent(folder, 'started');
    await assert.rejects(
      readResult(root, '20990101'),
      failsWith('RESULT_NOT_FOUND', /incomplete.*events\.ndjson/s),
    );
    await rm(folder, { recursive: true });
  });

  test('an experiment that broke off is read from what it had so far, and from its end record once there is one', async () => {
    const place = await createResultFolder(root, ['experiment', 'so-far']);
    const { experiment, runs } = buildExperiment({ parts: ['count'] }, { id: place.id });
    const whole = runs.filter((slot) => slot.pair === 1); // the second repeat was never finished
    const stored = await keepPair(place.folder, whole);
    const soFar = {
      ...experiment,
      state: 'interrupted' as const,
      failure: 'The experiment broke off.',
      runs: stored.map(({ run: _, ...slot }) => slot),
    };
    await writeSoFar(place.folder, soFar);
    const read = await readResult(root, place.id);
    assert.ok(read.kind === 'experiment');
    assert.deepEqual([read.id, read.experiment, read.runs], [place.id, soFar, whole]);
    await writePlan(place.folder, experiment.plan);
    assert.deepEqual(await readSitting(place.folder), { plan: experiment.plan, runs: stored, soFar });

    await keepPair(
      place.folder,
      runs.filter((slot) => slot.pair === 2),
    );
    const ids = await readPairs(place.folder, experiment.plan.slots);
    const end = { ...experiment, runs: ids.map(({ run: _, ...slot }) => slot) };
    await writeEnd(place.folder, end);
    assert.deepEqual((await readdir(place.folder)).sort(), ['experiment.json', 'plan.json', 'runs']);
    const complete = await readResult(root, place.id);
    assert.ok(complete.kind === 'experiment');
    assert.deepEqual([complete.experiment, complete.runs.length], [end, experiment.plan.slots.length]);
    await rm(place.folder, { recursive: true });
  });

  test('a pair that was being written when its process was killed is not there, and is cleared with its files', async () => {
    const place = await createResultFolder(root, ['experiment', 'killed']);
    const { experiment, runs } = buildExperiment({ parts: ['pair'], pairs: 2 });
    const stored = await keepPair(
      place.folder,
      runs.filter((slot) => slot.pair === 1),
    );
    const unfinished = await openPair(place.folder, { part: 'pair', pair: 2 });
    await writeDurably(path.join(unfinished, 'run.json'), '{}');
    await writeFile(path.join(place.folder, 'experiment-so-far.json.0123abcd.tmp'), '{'); // as writeDurably names it
    assert.deepEqual(await readPairs(place.folder, experiment.plan.slots), stored);
    await clearUnfinished(place.folder);
    assert.deepEqual(await readdir(place.folder), ['runs']);
    assert.deepEqual(await readdir(path.join(place.folder, 'runs')), ['pair-01']);
    assert.deepEqual(await readPairs(place.folder, experiment.plan.slots), stored);
    await rm(place.folder, { recursive: true });
  });

  test('a record that was cut or has a wrong field is refused with the place of the fault', async () => {
    const place = await createResultFolder(root, ['run', 'cut']);
    const file = path.join(place.folder, 'run.json');
    const text = JSON.stringify(buildRun());
    await writeFile(file, text.slice(0, text.length / 2));
    await assert.rejects(readResult(root, place.id), failsWith('BAD_RESULT_FILE', /run\.json is not JSON/));
    await writeFile(file, JSON.stringify({ ...buildRun(), state: 'finished' }));
    await assert.rejects(readResult(root, place.id), failsWith('BAD_RESULT_FILE', /state/));
    await rm(place.folder, { recursive: true });
  });

  test('an unknown or ambiguous id says what there is', async () => {
    await assert.rejects(readResult(root, 'nonsense'), failsWith('RESULT_NOT_FOUND', /No result "nonsense"/));
    await assert.rejects(
      readResult(path.join(root, 'empty'), 'last'),
      failsWith('RESULT_NOT_FOUND', /no result .* yet/),
    );
  });

  test('writing over a file leaves no temporary file, and appended records are whole lines', async () => {
    const folder = await mkdtemp(path.join(root, 'files-'));
    await writeDurably(path.join(folder, 'a.json'), 'old');
    await writeDurably(path.join(folder, 'a.json'), 'new');
    await appendRecord(path.join(folder, 'log'), { n: 1 });
    await appendRecord(path.join(folder, 'log'), { n: 2 });
    assert.deepEqual((await readdir(folder)).sort(), ['a.json', 'log']);
    assert.equal(await readFile(path.join(folder, 'a.json'), 'utf8'), 'new');
    assert.equal(await readFile(path.join(folder, 'log'), 'utf8'), '{"n":1}\n{"n":2}\n');
  });

  // One line each of the ledger of A/A experiments and of the calibrations, and what reads them back.
  const calibrationOf = (at: string) =>
    readCalibration(root, { machine: 'm', target: 'reference', scenario: at });
  const append = {
    [LEDGER_FILE]: {
      add: (id: string) => appendToLedger(root, { ...LINE, ...ENTRY, id }),
      read: async () => (await readLedger(root)).map((entry) => entry.id),
    },
    [CALIBRATIONS_FILE]: {
      add: (id: string) => appendCalibration(root, { ...LINE, ...CALIBRATION, scenario: id }),
      read: async () => {
        const found = await Promise.all(['a', 'b', 'c'].map(calibrationOf));
        return found.flatMap((one) => one?.scenario ?? []);
      },
    },
  };
  for (const [name, { add, read }] of Object.entries(append)) {
    test(`a line of ${name} that a crash has cut is passed over, and the next one begins a new line`, async () => {
      const file = path.join(root, name);
      assert.deepEqual(await read(), []); // no file is no line
      await add('a');
      await add('b');
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.slice(0, -20));
      assert.deepEqual(await read(), ['a']);
      await add('c');
      assert.deepEqual(await read(), ['a', 'c']);
      assert.equal((await readFile(file, 'utf8')).split('\n').length, 4); // three lines and the end of the last
      await appendRecord(file, { id: 'of another shape' });
      await assert.rejects(
        read(),
        failsWith('BAD_RESULT_FILE', /line 4 is not a record.*Move the file away/),
      );
      await rm(file);
    });
  }

  test('an A/A experiment that was noted twice counts once', async () => {
    await appendToLedger(root, { ...LINE, ...ENTRY, id: 'twice', verdict: 'inconclusive' });
    await appendToLedger(root, { ...LINE, ...ENTRY, id: 'twice' });
    assert.deepEqual(
      (await readLedger(root)).map((entry) => [entry.id, entry.verdict]),
      [['twice', 'equivalent']],
    );
    await rm(path.join(root, LEDGER_FILE));
  });

  test('a full disk keeps the old file whole and says what to do', async (t) => {
    const disk = await mkdtemp(path.join(root, 'disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      // An ordinary user may not mount: /dev/full answers every write with the same error of the kernel.
      t.diagnostic('no right to mount a small disk: /dev/full stands in for it');
      await assert.rejects(appendRecord('/dev/full', { n: 1 }), failsWith('RESULT_WRITE_FAILED', /ENOSPC/));
      return;
    }
    try {
      const file = path.join(disk, 'run.json');
      await writeDurably(file, 'old');
      await assert.rejects(
        writeDurably(file, 'x'.repeat(1_000_000)),
        failsWith('RESULT_WRITE_FAILED', /ENOSPC.*--results/s),
      );
      assert.equal(await readFile(file, 'utf8'), 'old');
      assert.deepEqual(await readdir(disk), ['run.json']);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  test('the example in results/ is a whole result, and the README quotes it', async () => {
    const examples = path.join(PROJECT_ROOT, 'results', 'examples');
    const result = await readResult(examples, await exampleOf('experiment'));
    assert.ok(result.kind === 'experiment' && result.experiment.state === 'complete');
    const { plan, comparisons } = result.experiment;
    const pairs = comparisons[0]?.family.look?.pairs ?? 0; // it ends at the look that decided
    const planned = plan.slots.filter((slot) => slot.part !== 'pair' || slot.pair <= pairs);
    assert.equal(result.runs.length, planned.length);
    const readme = await readFile(path.join(PROJECT_ROOT, 'README.md'), 'utf8');
    const [sentence] = headlineLines({
      kind: 'experiment',
      experiment: result.experiment,
      runs: result.runs,
    });
    assert.ok(sentence && readme.includes(sentence), `README.md quotes: ${sentence}`);
  });

  test('the README quotes what the example profile and the example advice say', async () => {
    const examples = path.join(PROJECT_ROOT, 'results', 'examples');
    const readme = await readFile(path.join(PROJECT_ROOT, 'README.md'), 'utf8');
    const profile = await readResult(examples, await exampleOf('profile'));
    const advice = await readResult(examples, await exampleOf('advise'));
    assert.ok(profile.kind === 'profile' && advice.kind === 'advice');
    for (const line of [...profileLines(profile.profile), ...adviceLines(advice.advice)])
      assert.ok(readme.includes(line), `README.md quotes: ${line}`);
  });

  test('the README draws the week of its example, and the example its reports from its record', async () => {
    const { folder, record } = await newestWeekExample();
    assert.equal(record.state, 'complete');
    const readme = await readFile(path.join(PROJECT_ROOT, 'README.md'), 'utf8');
    assert.equal(readme, readmeWithWeek(readme, record, folder), 'run `npm run readme:write`');
    for (const page of weekPages(record)) {
      const file = path.join(PROJECT_ROOT, folder, 'report', page.files.markdown);
      const again = `run \`rushhour report ${folder}\` after a change of the reports`;
      assert.equal(await readFile(file, 'utf8'), weekMarkdown(page), again);
    }
    for (const { evidence } of [...record.finalMetrics, ...record.rows])
      for (const { file } of evidence) await access(path.join(PROJECT_ROOT, folder, file));
  });

  test('the README quotes what the ledger of the verification says', async () => {
    const ledger = path.join(PROJECT_ROOT, 'results', 'examples', 'verify-verdicts');
    const { lines } = summarise(verificationSteps(), await readVerified(ledger));
    const readme = await readFile(path.join(PROJECT_ROOT, 'README.md'), 'utf8');
    for (const line of lines) assert.ok(readme.includes(line), `README.md quotes: ${line}`);
  });

  test('the kept month is told as its nights were, and the README quotes what was planted', async () => {
    const folder = path.join(PROJECT_ROOT, 'results', 'examples', 'verify-month');
    const { nights, problems } = await readHistory(path.join(folder, 'history.ndjson'));
    assert.deepEqual(problems, []);
    const days = monthOf();
    const said = await judgeKeptMonth(folder, days, nights);
    const summary = monthSummary(days, said);
    const lines = said.map(({ line }) => line);
    const ledger = await readFile(path.join(folder, 'README.md'), 'utf8');
    assert.ok(ledger.includes(`\n${[...lines, summary].join('\n')}\n`), [...lines, summary].join('\n'));
    const readme = await readFile(path.join(PROJECT_ROOT, 'README.md'), 'utf8');
    const quoted = said.filter(({ day }) => day.planted).map(({ line }) => line);
    for (const line of [...quoted, summary]) assert.ok(readme.includes(line), `README.md quotes: ${line}`);
  });

  test('the published schemas are those of the code', async () => {
    for (const [name, schema] of Object.entries(publishedSchemas())) {
      const published = await readFile(path.join(PROJECT_ROOT, 'results', 'schema', name), 'utf8');
      assert.deepEqual(
        JSON.parse(published),
        JSON.parse(JSON.stringify(schema)),
        `run \`npm run schema:write\` after a change of ${name}`,
      );
    }
  });
});

/** Id of the one example that a verb has made. */
async function exampleOf(verb: string): Promise<string> {
  const ids = await listResultIds(path.join(PROJECT_ROOT, 'results', 'examples'));
  const [id, ...others] = ids.filter((one) => one.includes(`-${verb}-`));
  assert.ok(id && others.length === 0, `one example of ${verb}`);
  return id;
}
