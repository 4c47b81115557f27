import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { cachedK6Path, findK6, missingK6Error } from '../../harness/load-generators/k6-binary.ts';
import { k6Script, scratchFolder, writeScript } from './k6-install-stand-ins.ts';

test('K6_PATH comes before PATH, and PATH before the cache', async (t) => {
  const folder = await scratchFolder(t);
  const named = await k6Script(path.join(folder, 'named', 'my-k6'), '2.2.0');
  const onPath = await k6Script(path.join(folder, 'bin', 'k6'), '1.2.0');
  const cached = await k6Script(cachedK6Path(folder), '1.8.1');
  const env = { PATH: path.dirname(onPath) };
  const find = (more: NodeJS.ProcessEnv, PATH = env.PATH) =>
    findK6({ env: { ...env, PATH, ...more }, cacheDir: folder });
  assert.deepEqual(await find({ K6_PATH: named }), {
    found: true,
    path: named,
    version: '2.2.0',
    source: 'K6_PATH',
    rejected: [],
  });
  assert.deepEqual(await find({}), {
    found: true,
    path: onPath,
    version: '1.2.0',
    source: 'PATH',
    rejected: [],
  });
  assert.deepEqual(await find({ K6_PATH: '' }, '/nowhere'), {
    found: true,
    path: cached,
    version: '1.8.1',
    source: 'cache',
    rejected: [],
  });
});

test('the cache folder is the one RUSHHOUR_CACHE names', async (t) => {
  const folder = await scratchFolder(t);
  const cached = await k6Script(cachedK6Path(folder));
  const k6 = await findK6({ env: { PATH: '', RUSHHOUR_CACHE: folder } });
  assert.equal(k6.found && k6.path, cached);
});

test('a K6_PATH that does not work is an error with the reason, though others would work', async (t) => {
  const folder = await scratchFolder(t);
  const good = await k6Script(path.join(folder, 'bin', 'k6'));
  const at = (name: string) => path.join(folder, name);
  await mkdir(at('folder'));
  await writeFile(at('plain'), '#!/bin/sh\n');
  await writeFile(at('binary'), Buffer.from([0x7f, 0x00, 0x01, 0x02]));
  await chmod(at('binary'), 0o755);
  await writeFile(at('interpreter'), '#!/nowhere/sh\n');
  await chmod(at('interpreter'), 0o755);
  await writeScript(at('other'), 'echo "git version 2.39.5"');
  await writeScript(at('silent'), 'exit 0');
  await writeScript(at('failing'), 'echo "k6 v1.8.1 (x)"', 'exit 7');
  await k6Script(at('old'), '0.49.0');
  await k6Script(at('next'), '3.0.0');
  const reasons: Record<string, RegExp> = {
    missing: /does not exist/,
    folder: /is a folder/,
    plain: /is not executable \(EACCES\)/,
    // The C library may try the shell on a file that is no program.
    binary: /is no program for this machine|is not k6: `version` printed "[ -~]*"/,
    interpreter: /is no program for this machine/,
    other: /is not k6: `version` printed "git version 2\.39\.5"/,
    silent: /is not k6: `version` printed nothing/,
    failing: /is not k6: .*exit code 7/,
    old: /is k6 0\.49\.0, older than 1\.0\.0/,
    next: /is k6 3\.0\.0, newer than/,
  };
  for (const [name, reason] of Object.entries(reasons)) {
    const env = { K6_PATH: at(name), PATH: path.dirname(good) };
    await assert.rejects(findK6({ env, cacheDir: folder }), (error: Error) => {
      assert.match(error.message, reason, name);
      assert.match(error.message, new RegExp(`^K6_PATH names a k6 that cannot be used: .*${name} `), name);
      assert.equal((error as { code?: string }).code, 'K6_UNAVAILABLE', name);
      return true;
    });
  }
});

test('a program that hangs is given up after the time limit, with its children', async (t) => {
  const folder = await scratchFolder(t);
  const hanging = await writeScript(path.join(folder, 'k6'), '/bin/sleep 600', 'true');
  await assert.rejects(findK6({ env: { K6_PATH: hanging }, probeTimeLimitMs: 300 }), {
    code: 'K6_UNAVAILABLE',
    message: /hangs: `k6 version`, no end within 0\.3 s/,
  });
});

test('a k6 on PATH that is too old is passed over for the next one, and told', async (t) => {
  const folder = await scratchFolder(t);
  const old = await k6Script(path.join(folder, 'a', 'k6'), '0.49.0');
  const good = await k6Script(path.join(folder, 'b', 'k6'), '1.5.0');
  const PATH = [path.dirname(old), path.dirname(good)].join(path.delimiter);
  const k6 = await findK6({ env: { PATH }, cacheDir: folder });
  assert.equal(k6.found && k6.path, good);
  assert.deepEqual(k6.rejected, [{ path: old, source: 'PATH', reason: 'is k6 0.49.0, older than 1.0.0' }]);
});

test('without any usable k6 the answer is missing, and the error says what was found instead', async (t) => {
  const folder = await scratchFolder(t);
  const nothing = await findK6({ env: { PATH: '' }, cacheDir: folder });
  assert.deepEqual(nothing, { found: false, rejected: [] });
  assert.equal(missingK6Error({ found: false, rejected: [] }).message, 'No usable k6 was found.');

  const old = await k6Script(path.join(folder, 'a', 'k6'), '0.49.0');
  const missing = await findK6({ env: { PATH: path.dirname(old) }, cacheDir: folder });
  assert.ok(!missing.found);
  const error = missingK6Error(missing);
  assert.equal(error.message, `No usable k6 was found: ${old} is k6 0.49.0, older than 1.0.0.`);
  assert.match(error.hint ?? '', /rushhour doctor --fix/);
});

test('a damaged k6 in the cache is told, not run', async (t) => {
  const folder = await scratchFolder(t);
  const cached = await writeScript(cachedK6Path(folder), 'exit 1');
  const k6 = await findK6({ env: { PATH: '' }, cacheDir: folder });
  assert.equal(k6.found, false);
  assert.equal(k6.rejected[0]?.path, cached);
});

test('an abort ends the search', async (t) => {
  const folder = await scratchFolder(t);
  const k6 = await k6Script(path.join(folder, 'bin', 'k6'));
  await assert.rejects(findK6({ env: { K6_PATH: k6 }, signal: AbortSignal.abort() }), {
    code: 'INTERRUPTED',
  });
});
