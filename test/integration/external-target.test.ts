/** The README of `examples/external-target/`, command by command, in a copy of the folder. */
import assert from 'node:assert/strict';
import { access, cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { execa } from 'execa';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import type { Finding } from '../../harness/profiling/finding.ts';
import { formatCount } from '../../harness/quantity.ts';
import { listResultIds, readResult, type StoredResult } from '../../harness/store/read-results.ts';
import { removeServerFiles } from '../support/database.ts';
import { pythonPackages } from '../support/python-packages.ts';
import { readmeCommands } from '../support/readme-commands.ts';
import { assertNothingIsLeft } from '../support/started-processes.ts';

const EXAMPLE = path.join(PROJECT_ROOT, 'examples', 'external-target');

interface Said {
  readonly command: string;
  readonly stdout: string;
}

describe('the example of a service that is not ours', () => {
  let scratch: string;
  let folder: string;
  let cache: string;
  let skip: string | null = null;
  let readme: string;
  const said: Said[] = [];
  const stored: StoredResult[] = [];

  before(async () => {
    readme = await readFile(path.join(EXAMPLE, 'README.md'), 'utf8');
    scratch = await mkdtemp(path.join(tmpdir(), 'rushhour-example-'));
    folder = path.join(scratch, 'external-target');
    cache = path.join(scratch, 'cache');
    const packages = await pythonPackages(path.join(EXAMPLE, 'requirements.txt'));
    if ('skip' in packages) {
      skip = packages.skip;
      return;
    }
    await copyExample(folder, packages.folder);
    for (const command of readmeCommands(readme)) {
      const { stdout, stderr, exitCode } = await execa('sh', ['-c', command], {
        cwd: folder,
        env: { RUSHHOUR_CACHE: cache },
        stdin: 'ignore',
        reject: false,
      });
      assert.equal(exitCode, 0, `${command}\n${stderr}\n${stdout}`);
      said.push({ command, stdout });
    }
    const results = path.join(folder, 'results');
    for (const id of await listResultIds(results)) stored.push(await readResult(results, id));
  });
  after(async () => {
    await removeServerFiles(cache);
    await rm(scratch, { recursive: true, force: true });
  });

  /** A test of what the commands have left; skipped, with the reason, where Python cannot be had. */
  const shows = (title: string, check: () => void | Promise<void>) =>
    test(title, async (t: TestContext) => (skip === null ? check() : t.skip(skip)));

  const saidBy = (words: string) => said.find(({ command }) => command.includes(words))?.stdout ?? '';

  const findingsOf = (variant: string): readonly Finding[] => {
    const profile = stored.find((one) => one.kind === 'profile' && one.profile.variant === variant);
    assert.ok(profile?.kind === 'profile', `no profile of ${variant}`);
    return (profile.profile.growth?.findings ?? []).filter(({ unit }) => unit === 'dispatch');
  };

  shows('init works out most of the config, and its README says what to write for each TODO', async () => {
    const todos = [...saidBy('rushhour init').matchAll(/^ {2}draft\.config\.ts:\d+ (\S+):/gm)];
    const told = todos.map(([, place]) => place);
    const table = [...readme.matchAll(/^\| `([\w.]+)` \|/gm)];
    assert.ok(told.length > 0);
    assert.deepEqual(
      table.map(([, place]) => place),
      told,
    );
  });

  shows('check finds every part of the config at work, and equal outcomes of its variants', () => {
    const lines = saidBy('rushhour check').split('\n');
    assert.deepEqual(
      lines.filter((line) => line.startsWith('✖')),
      [],
    );
    assert.ok(
      lines.includes('✔ equal outcomes: before, indexed, after write the same rows'),
      lines.join('\n'),
    );
  });

  shows('the two modes plan the same, and the experiment finds the sets improved', () => {
    const [result] = stored.filter((one) => one.kind === 'experiment');
    assert.ok(result?.kind === 'experiment');
    const [comparison] = result.experiment.comparisons;
    assert.ok(comparison);
    assert.deepEqual([comparison.refusals, comparison.equalOutcome], [[], true]);
    assert.equal(comparison.verdict, 'improved');
    assert.ok(readme.includes(`${formatCount(result.runs[0]?.run.dataset.rows.parcel_order ?? 0)} orders`));
    assert.match(saidBy('rushhour experiment'), /IMPROVED/);
  });

  shows('the profile of before finds each planted defect', () => {
    const found = findingsOf('before');
    const has = (kind: Finding['kind'], statement: RegExp) =>
      found.some((one) => one.kind === kind && statement.test(one.statement ?? ''));
    const listed = found.map(({ kind, statement }) => `${kind}: ${statement}`).join('\n');
    assert.ok(has('n-plus-one', /FROM recipient WHERE/i), listed);
    assert.ok(has('n-plus-one', /FROM stop WHERE stop\.courier_id/i), listed);
    assert.ok(has('row-by-row-write', /^INSERT INTO stop/i), listed);
    assert.ok(has('row-by-row-write', /^UPDATE parcel_order/i), listed);
    assert.ok(
      found.some(({ kind }) => kind === 'commit-per-row'),
      listed,
    );
  });

  shows('the profile of after finds nothing that runs for each row', () => {
    const kinds: readonly Finding['kind'][] = [
      'n-plus-one',
      'n-times-m',
      'row-by-row-write',
      'commit-per-row',
    ];
    assert.deepEqual(
      findingsOf('after').filter(({ kind }) => kinds.includes(kind)),
      [],
    );
  });

  shows(
    'the advice holds an index for orders by depot and day, which saved blocks when it was replayed',
    () => {
      const [result] = stored.filter((one) => one.kind === 'advice');
      assert.ok(result?.kind === 'advice');
      const { advised } = result.advice;
      const listed = advised
        .map(({ description, blocksSaved }) => `${description}: ${blocksSaved}`)
        .join('\n');
      const orders = advised.find(({ table, sql }) => table === 'parcel_order' && /due_day/.test(sql));
      assert.ok(orders && orders.blocksSaved > orders.blocksAdded, listed);
      assert.ok(
        advised.some(({ table, sql }) => table === 'stop' && /\b(day|courier_id)\b/.test(sql)),
        listed,
      );
    },
  );

  shows('the index of results links a report of each', async () => {
    const page = await readFile(path.join(folder, 'results', 'index.html'), 'utf8');
    for (const { id } of stored) assert.ok(page.includes(id), id);
    assert.equal(stored.length, 4);
  });

  shows('nothing is left running and no database is left behind; the packages stay', async () => {
    await assertNothingIsLeft(cache, []);
    await access(path.join(folder, '.venv', 'bin', 'python'));
  });
});

/** As in a project that has rushhour installed, with the packages that are there already. */
async function copyExample(folder: string, packages: string): Promise<void> {
  const kept = (source: string) => !/(^|\/)(\.venv|__pycache__|results)$/.test(source);
  await cp(EXAMPLE, folder, { recursive: true, filter: kept });
  // Not a link: `python3 -m venv` refuses one.
  await cp(packages, path.join(folder, '.venv'), { recursive: true, verbatimSymlinks: true });
  const bin = path.join(folder, 'node_modules', '.bin');
  await mkdir(bin, { recursive: true });
  await symlink(PROJECT_ROOT, path.join(folder, 'node_modules', 'rushhour'));
  await symlink(path.join(PROJECT_ROOT, 'bin', 'rushhour.js'), path.join(bin, 'rushhour'));
}
