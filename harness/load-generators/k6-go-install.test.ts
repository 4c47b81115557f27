import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GoSettings, goComplaint, goInstallEnv, goProgress } from './k6-go-install.ts';

const SETTINGS: GoSettings = {
  GOVERSION: 'go1.26.8',
  GOPATH: '/home/ann/go',
  GOMODCACHE: '/home/ann/go/pkg/mod',
  GOCACHE: '/home/ann/.cache/go-build',
  GOPROXY: 'https://proxy.corp.test,direct',
  GOSUMDB: 'sum.golang.org',
  GOTOOLCHAIN: 'local',
};

test('nothing in the environment changes what go builds or switches its checks off', () => {
  const hostile = {
    PATH: '/usr/bin',
    HOME: '/home/ann',
    GOFLAGS: '-mod=vendor -insecure',
    GOOS: 'windows',
    GOARCH: 'arm64',
    GOPRIVATE: '*',
    GONOSUMDB: '*',
    GONOSUMCHECK: '1',
    GOINSECURE: '*',
    GO111MODULE: 'off',
    CGO_CFLAGS: '-O0',
  };
  assert.deepEqual(goInstallEnv(hostile, SETTINGS, { GOBIN: '/cache/bin' }), {
    PATH: '/usr/bin',
    HOME: '/home/ann',
    GOENV: 'off',
    GOWORK: 'off',
    GO111MODULE: 'on',
    GOPROXY: 'https://proxy.corp.test,direct',
    GOTOOLCHAIN: 'local',
    GOSUMDB: 'sum.golang.org',
    GOBIN: '/cache/bin',
  });
});

test('a checksum database that was switched off is switched on again, another one is kept', () => {
  const database = (GOSUMDB: string) => goInstallEnv({}, { ...SETTINGS, GOSUMDB }, {}).GOSUMDB;
  assert.equal(database('off'), 'sum.golang.org');
  assert.equal(database(''), 'sum.golang.org');
  assert.equal(
    database('sum.golang.org https://sum.golang.google.cn'),
    'sum.golang.org https://sum.golang.google.cn',
  );
});

test('variables that only share the first letters with those of Go are left alone', () => {
  const env = goInstallEnv(
    { GOOGLE_CLOUD_PROJECT: 'p', GOROOT: '/usr/lib/go', GOMAXPROCS: '1' },
    SETTINGS,
    {},
  );
  assert.equal(env.GOOGLE_CLOUD_PROJECT, 'p');
  assert.equal(env.GOROOT, '/usr/lib/go');
  assert.equal(env.GOMAXPROCS, '1');
});

test('downloads and compiled packages are progress, other lines are not', () => {
  assert.equal(
    goProgress('go: downloading github.com/fatih/color v1.18.0'),
    'downloading github.com/fatih/color v1.18.0',
  );
  assert.equal(goProgress('go: downloading go1.25.12 (linux/amd64)'), 'downloading go1.25.12 (linux/amd64)');
  assert.equal(goProgress('go.k6.io/k6/internal/cmd'), 'compiling go.k6.io/k6/internal/cmd');
  assert.equal(goProgress('go: module lookup disabled by GOPROXY=off'), null);
});

test('a complaint is the output without its progress, its last three lines as one', () => {
  const output = [
    'go: downloading go.k6.io/k6 v1.8.1',
    'runtime',
    'one: first',
    'two: second',
    '\tthree: third',
    'four: fourth',
    '',
  ].join('\n');
  assert.equal(goComplaint(output), 'two: second three: third four: fourth');
});
