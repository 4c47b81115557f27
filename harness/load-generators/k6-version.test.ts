import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseK6Version, unsupportedReason } from './k6-version.ts';

test('the version is read from what k6 1.x and 2.x print, with and without a commit and extensions', () => {
  const printed: [output: string, version: string][] = [
    ['k6 v1.8.1 (go1.26.8, linux/amd64)', '1.8.1'], // recorded from k6 1.8.1 built by `go install`
    ['k6 v1.8.1 (commit/0a1b2c3d4e, go1.26.8, linux/amd64)', '1.8.1'],
    ['k6 v2.2.0 (commit/0a1b2c3d4e, go1.26.8, darwin/arm64)\nExtensions:\n  xk6-sql v1.0.0', '2.2.0'],
    ['k6.exe v1.0.0 (go1.24.2, windows/amd64)', '1.0.0'],
    ['k6 v0.49.0 (commit/4a3b2c1d0e, go1.21.6, linux/amd64)', '0.49.0'],
    ['k6 v2.0.0-rc1 (go1.26.0, linux/amd64)', '2.0.0-rc1'],
    ['warning: something first\nk6 v1.2.3 (go1.24.2, linux/amd64)', '1.2.3'],
  ];
  for (const [output, version] of printed) assert.equal(parseK6Version(output), version, output);
});

test('what another program prints is no k6 version', () => {
  for (const output of ['', 'git version 2.39.5', 'k6', 'k6 latest', 'k60 v1.2.3']) {
    assert.equal(parseK6Version(output), null, output);
  }
});

test('every 1.x from 1.0.0 on and every 2.x can be used', () => {
  for (const version of ['1.0.0', '1.8.1', '1.10.0', '2.0.0', '2.0.0-rc1', '2.11.3']) {
    assert.equal(unsupportedReason(version), null, version);
  }
});

test('a k6 before 1.0.0, or after 2.x, cannot be used and the reason names its version', () => {
  assert.match(unsupportedReason('0.57.0') ?? '', /0\.57\.0, older than 1\.0\.0/);
  assert.match(unsupportedReason('1.0.0-rc1') ?? '', /1\.0\.0-rc1, older than 1\.0\.0/);
  assert.match(unsupportedReason('3.0.0') ?? '', /3\.0\.0, newer than/);
});
