import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { WORKLOADS } from '../../scenarios/workloads.ts';
import { k6Arguments, k6Environment, k6ScriptUrl } from './k6-command.ts';

test('every K6_ variable of the user is left out, whatever its case, and nothing else', () => {
  const user = {
    PATH: '/bin',
    HOME: '/home/a',
    K6_VUS: '1',
    k6_duration: '1s',
    K6_OUT: 'json',
    MY_K6_X: 'kept',
  };
  const env = k6Environment(user, { planPath: '/p', loginPassword: 'secret' });
  assert.deepEqual(env, {
    PATH: '/bin',
    HOME: '/home/a',
    MY_K6_X: 'kept',
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    K6_NO_USAGE_REPORT: 'true',
    RUSHHOUR_PLAN: '/p',
    RUSHHOUR_IDENTITIES: '[]',
    RUSHHOUR_LOGIN_PASSWORD: 'secret',
  });
});

test('k6 measures alone: no REST interface, no evaluation of thresholds, no option that replaces the scenarios', () => {
  const args = k6Arguments('/scripts/load.ts');
  assert.equal(args[0], 'run');
  assert.equal(args.at(-1), '/scripts/load.ts');
  for (const option of ['--address=', '--no-thresholds', '--summary-mode=compact', '--no-usage-report']) {
    assert.ok(args.includes(option), option);
  }
  assert.ok(!args.some((argument) => /^--(vus|duration|iterations|stage|rps|tag)/.test(argument)));
  assert.match(
    args.find((argument) => argument.startsWith('--out')) ?? '',
    /=k6-samples\.csv,timeFormat=unix_micro$/,
  );
  assert.match(
    args.find((argument) => argument.startsWith('--summary-trend-stats')) ?? '',
    /p\(95\).*p\(99\.9\)/,
  );
});

test('every scenario has its script', () => {
  for (const name of Object.keys(WORKLOADS) as (keyof typeof WORKLOADS)[]) {
    assert.ok(existsSync(k6ScriptUrl(name)), name);
  }
});
