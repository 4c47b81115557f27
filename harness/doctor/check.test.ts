import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HarnessError } from '../errors.ts';
import { type Check, type CheckResult, runChecks, worstStatus } from './check.ts';

const OK: CheckResult = { status: 'ok', detail: 'fine' };
const MISSING: CheckResult = { status: 'warning', detail: 'missing', remedy: 'install it' };

function check(name: string, run: () => Promise<CheckResult>, fix?: Check['fix']): Check {
  return { name, label: name, run, ...(fix ? { fix } : {}) };
}

test('checks run one after the other and each line is told as it ends', async () => {
  const seen: string[] = [];
  const checks = ['a', 'b'].map((name) =>
    check(name, async () => {
      seen.push(`run ${name}`);
      return OK;
    }),
  );
  const lines = await runChecks(checks, { onLine: (line) => seen.push(`line ${line.name}`) });
  assert.deepEqual(seen, ['run a', 'line a', 'run b', 'line b']);
  assert.deepEqual(lines[0], { name: 'a', label: 'a', fixTried: false, ...OK });
});

test('a check that throws is a problem with the hint as its remedy, and the others still run', async () => {
  const lines = await runChecks([
    check('broken', () => Promise.reject(new HarnessError('K6_UNAVAILABLE', 'no', { hint: 'do this' }))),
    check('sound', async () => OK),
  ]);
  assert.deepEqual(lines[0], {
    name: 'broken',
    label: 'broken',
    fixTried: false,
    status: 'problem',
    detail: 'no',
    remedy: 'do this',
  });
  assert.equal(lines[1]?.status, 'ok');
});

test('a fix runs only when asked for and needed, and its result replaces the first', async () => {
  let fixes = 0;
  const fix = async () => {
    fixes += 1;
    return OK;
  };
  const lacking = check('lacking', async () => MISSING, fix);
  const sound = check('sound', async () => OK, fix);
  assert.equal((await runChecks([lacking]))[0]?.status, 'warning');
  assert.equal(fixes, 0);
  const lines = await runChecks([lacking, sound], { fix: true });
  assert.equal(fixes, 1);
  assert.deepEqual(
    lines.map((line) => [line.status, line.fixTried]),
    [
      ['ok', true],
      ['ok', false],
    ],
  );
});

test('a fix that fails is a problem that says why', async () => {
  const failing = check(
    'k6',
    async () => MISSING,
    () => Promise.reject(new Error('disk full')),
  );
  const [line] = await runChecks([failing], { fix: true });
  assert.equal(line?.status, 'problem');
  assert.equal(line?.detail, 'disk full');
});

test('texts of several lines become one line', async () => {
  const [line] = await runChecks([
    check('many', async () => ({ status: 'problem', detail: 'a\n  b\n', remedy: 'c\nd' })),
  ]);
  assert.equal(line?.detail, 'a b');
  assert.equal(line?.remedy, 'c d');
});

test('an abort ends the checks with INTERRUPTED, also out of a fix', async () => {
  const stop = new AbortController();
  const stopping = check(
    'k6',
    async () => MISSING,
    async () => {
      stop.abort();
      return MISSING;
    },
  );
  const never = check('never', () => assert.fail('ran after the abort'));
  await assert.rejects(runChecks([stopping, never], { fix: true, signal: stop.signal }), {
    code: 'INTERRUPTED',
  });
});

test('the worst status of all lines counts', () => {
  assert.equal(worstStatus([]), 'ok');
  assert.equal(worstStatus([OK, MISSING]), 'warning');
  assert.equal(worstStatus([MISSING, { status: 'problem', detail: '' }, OK]), 'problem');
});
