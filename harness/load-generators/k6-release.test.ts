import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishedChecksum, releaseAsset, releaseUrl } from './k6-release.ts';

const SHA_A = 'a'.repeat(64);
const SHA_B = 'b'.repeat(64);

test('each platform k6 publishes for has its archive and the program inside it', () => {
  assert.deepEqual(releaseAsset('linux', 'x64'), {
    archive: 'k6-v1.8.1-linux-amd64.tar.gz',
    program: 'k6-v1.8.1-linux-amd64/k6',
  });
  assert.equal(releaseAsset('linux', 'arm64')?.archive, 'k6-v1.8.1-linux-arm64.tar.gz');
  assert.equal(releaseAsset('darwin', 'x64')?.archive, 'k6-v1.8.1-macos-amd64.zip');
  assert.equal(releaseAsset('darwin', 'arm64')?.archive, 'k6-v1.8.1-macos-arm64.zip');
  assert.deepEqual(releaseAsset('win32', 'x64'), {
    archive: 'k6-v1.8.1-windows-amd64.zip',
    program: 'k6-v1.8.1-windows-amd64/k6.exe',
  });
});

test('a platform without a release has no archive', () => {
  assert.equal(releaseAsset('freebsd', 'x64'), null);
  assert.equal(releaseAsset('win32', 'arm64'), null);
  assert.equal(releaseAsset('linux', 'riscv64'), null);
});

test('the release lies on GitHub unless RUSHHOUR_K6_DOWNLOAD_URL names a mirror', () => {
  assert.equal(releaseUrl({}), 'https://github.com/grafana/k6/releases/download/v1.8.1/');
  assert.equal(releaseUrl({ RUSHHOUR_K6_DOWNLOAD_URL: '' }), releaseUrl({}));
  assert.equal(releaseUrl({ RUSHHOUR_K6_DOWNLOAD_URL: 'https://mirror.test/k6' }), 'https://mirror.test/k6/');
  assert.equal(
    releaseUrl({ RUSHHOUR_K6_DOWNLOAD_URL: 'https://mirror.test/k6/' }),
    'https://mirror.test/k6/',
  );
});

test('a checksum is found by the exact file name, in text and in binary notation', () => {
  const list = `${SHA_A}  k6-linux.tar.gz.sig\n${SHA_B.toUpperCase()} *k6-linux.tar.gz\r\n`;
  assert.equal(publishedChecksum(list, 'k6-linux.tar.gz'), SHA_B);
  assert.equal(publishedChecksum(list, 'k6-linux.tar.gz.sig'), SHA_A);
});

test('a file that is not listed, a short hash and a web page give no checksum', () => {
  assert.equal(publishedChecksum(`${SHA_A}  other.tar.gz\n`, 'k6.tar.gz'), null);
  assert.equal(publishedChecksum(`${SHA_A.slice(1)}  k6.tar.gz\n`, 'k6.tar.gz'), null);
  assert.equal(publishedChecksum('<html>Please log in: k6.tar.gz</html>', 'k6.tar.gz'), null);
});
