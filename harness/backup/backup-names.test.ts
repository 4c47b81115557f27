import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backupTemplateName, replacedName, requireNewDatabaseName } from './backup-names.ts';

test('a template is named after its database, its time and the random end of its id', () => {
  assert.equal(
    backupTemplateName('rushhour_run_0123456789ab', '20261125-234914-rushhour_run_0123456789ab-4f2a'),
    'rushhour_bak_rushhour_run_0123456789ab_20261125_234914_4f2a',
  );
  assert.equal(
    replacedName('rushhour_copy', '2026-11-25T23:49:14.123Z'),
    'rushhour_copy_before_restore_20261125_234914',
  );
});

test('a long name is cut in the middle, so that the server does not cut the time off its end', () => {
  const long = `rushhour_${'x'.repeat(54)}`; // 63, the longest there is
  const template = backupTemplateName(long, `20261125-234914-${long}-4f2a`);
  assert.equal(template.length, 63);
  assert.match(template, /^rushhour_bak_rushhour_x+_20261125_234914_4f2a$/);
  assert.match(replacedName(long, '2026-11-25T23:49:14.123Z'), /x_before_restore_20261125_234914$/);
});

test('a new database has a name of ours, and none that means a template, a backup or a build', () => {
  for (const name of ['rushhour_copy', 'rushhour_run_0123456789ab']) requireNewDatabaseName(name);
  for (const name of [
    'production',
    'rushhour_',
    'rushhour_Copy',
    'rushhour_a-b',
    'rushhour_tpl_1',
    'rushhour_bak_1',
    'rushhour_build_1',
    `rushhour_${'x'.repeat(55)}`,
  ])
    assert.throws(() => requireNewDatabaseName(name), /expected a name/, name);
});
