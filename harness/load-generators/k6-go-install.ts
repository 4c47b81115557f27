import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { HarnessError } from '../errors.ts';
import { findOnPath, programFile } from '../machine/executable-path.ts';
import { runProcess } from '../machine/process-group.ts';
import type { Acquired } from './k6-download.ts';
import type { ReportStep } from './k6-install-progress.ts';
import { K6_VERSION } from './k6-version.ts';

export const K6_MODULE = `go.k6.io/k6@v${K6_VERSION}`;

/** About 3 minutes on two idle cores; a busy single core takes several times that. */
export const GO_INSTALL_TIME_LIMIT_MS = 30 * 60_000;
const GO_ENV_TIME_LIMIT_MS = 60_000;
const TICK_MS = 1000;

export interface GoInstallRequest {
  /** An existing folder, which the caller removes: everything that is not the user's own goes there. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly report: ReportStep;
  /** Default 30 min. */
  readonly timeLimitMs?: number | undefined;
}

/**
 * Builds k6 with `go install`, every module checked against Go's checksum database.
 * @throws HarnessError K6_DOWNLOAD_FAILED when a module does not match the database. An abort rejects.
 */
export async function goInstallK6(request: GoInstallRequest): Promise<Acquired> {
  const [go] = await findOnPath('go', request.env);
  if (!go) return { unavailable: 'Go is not on PATH to build it' };
  request.report('build', `asking ${go} for its settings`);
  const settings = await readGoSettings(go, request);
  if ('unavailable' in settings) return settings;
  const plan = await planGoInstall(settings, request);
  const progress = keepReporting(request.report, `${settings.GOVERSION} installs ${K6_MODULE}`);
  const outcome = await runProcess({
    file: go,
    args: ['install', '-v', ...plan.flags, K6_MODULE],
    env: plan.env,
    cwd: request.folder,
    timeLimitMs: request.timeLimitMs ?? GO_INSTALL_TIME_LIMIT_MS,
    signal: request.signal,
    onLine: (line) => progress.saw(line),
  }).finally(progress.end);
  request.signal?.throwIfAborted();
  if (outcome.exitCode === 0) return { program: path.join(plan.binFolder, programFile('k6')) };
  const said = goComplaint(outcome.output) || outcome.reason;
  if (/checksum mismatch|SECURITY ERROR/.test(outcome.output)) throw untrustedModule(said);
  const why = outcome.end === 'exited' ? said : `${outcome.reason}; last: ${said}`;
  return { unavailable: `\`go install ${K6_MODULE}\` failed (${why})` };
}

const ASKED = ['GOVERSION', 'GOPATH', 'GOMODCACHE', 'GOCACHE', 'GOPROXY', 'GOSUMDB', 'GOTOOLCHAIN'] as const;
export type GoSettings = Record<(typeof ASKED)[number], string>;

/** Asked of go itself, which merges the environment with the user's `go env -w` file. */
async function readGoSettings(
  go: string,
  request: GoInstallRequest,
): Promise<GoSettings | { unavailable: string }> {
  const outcome = await runProcess({
    file: go,
    args: ['env', '-json', ...ASKED],
    env: request.env,
    cwd: request.folder,
    timeLimitMs: GO_ENV_TIME_LIMIT_MS,
    signal: request.signal,
  });
  request.signal?.throwIfAborted();
  try {
    const answer = JSON.parse(outcome.stdout) as Partial<GoSettings>;
    return Object.fromEntries(ASKED.map((name) => [name, answer[name] ?? ''])) as GoSettings;
  } catch {
    return { unavailable: `\`${go} env\` does not work (${goComplaint(outcome.output) || outcome.reason})` };
  }
}

interface GoInstallPlan {
  readonly env: NodeJS.ProcessEnv;
  readonly flags: readonly string[];
  readonly binFolder: string;
}

/**
 * Where the modules go. When the user's module cache holds k6 already, it is used: nothing is downloaded, it works
 * offline, and what go has compiled before is not compiled again. Otherwise they go to a folder that is thrown away,
 * because nobody who wants a load test asked for 368 MB in their home. Compiled packages go to the user's build cache
 * either way: go empties it by itself, and a second attempt after an abort takes seconds.
 */
async function planGoInstall(settings: GoSettings, request: GoInstallRequest): Promise<GoInstallPlan> {
  const { folder } = request;
  const binFolder = path.join(folder, 'bin');
  const workFolder = path.join(folder, 'go-tmp');
  await mkdir(workFolder, { recursive: true });
  const shared = await holdsK6(settings.GOMODCACHE);
  const goPath = path.join(folder, 'go');
  const env = goInstallEnv(request.env, settings, {
    GOBIN: binFolder,
    GOTMPDIR: workFolder,
    GOPATH: shared ? settings.GOPATH : goPath,
    GOMODCACHE: shared ? settings.GOMODCACHE : path.join(goPath, 'pkg', 'mod'),
    GOCACHE: (await isWritable(settings.GOCACHE)) ? settings.GOCACHE : path.join(folder, 'go-build'),
  });
  // -trimpath: the name of the throw-away folder must not be part of what the build cache knows packages by.
  // -modcacherw: go makes modules read-only, and then only root can delete them.
  return { env, binFolder, flags: shared ? [] : ['-trimpath', '-modcacherw'] };
}

/** Settings of Go that change neither what is built nor whether it is checked. */
const KEPT = new Set(['GOROOT', 'GOAUTH', 'GOMAXPROCS', 'GOGC', 'GOMEMLIMIT']);

/**
 * The environment of `go install`. Go treats an empty variable as unset and then reads the user's `go env -w` file,
 * so that file is switched off (GOENV=off) and the settings to be respected (proxy, toolchain) are carried over by
 * name. Every other Go variable is dropped: GOFLAGS, GOOS, GOPRIVATE, … would change what is built, or switch checks
 * off. GOSUMDB may name another database, but not none.
 */
export function goInstallEnv(
  env: NodeJS.ProcessEnv,
  settings: GoSettings,
  folders: Record<string, string>,
): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(
    ([name]) => KEPT.has(name) || !/^(GO[A-Z0-9]+|CGO_.*)$/.test(name),
  );
  return {
    ...Object.fromEntries(others),
    GOENV: 'off',
    GOWORK: 'off',
    GO111MODULE: 'on',
    GOPROXY: settings.GOPROXY,
    GOTOOLCHAIN: settings.GOTOOLCHAIN,
    GOSUMDB: settings.GOSUMDB === 'off' || settings.GOSUMDB === '' ? 'sum.golang.org' : settings.GOSUMDB,
    ...folders,
  };
}

async function holdsK6(moduleCache: string): Promise<boolean> {
  if (!moduleCache) return false;
  const archive = path.join(moduleCache, 'cache', 'download', 'go.k6.io', 'k6', '@v', `v${K6_VERSION}.zip`);
  return access(archive, constants.R_OK)
    .then(() => isWritable(moduleCache))
    .catch(() => false);
}

async function isWritable(folder: string): Promise<boolean> {
  if (!path.isAbsolute(folder)) return false; // unset, or "off"
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Reports each line of go, and the last one again every second, so that the elapsed time moves in a long compile. */
function keepReporting(report: ReportStep, start: string): { saw(line: string): void; end(): void } {
  let detail = start;
  report('build', detail);
  const ticker = setInterval(() => report('build', detail), TICK_MS);
  return {
    saw(line) {
      const next = goProgress(line);
      if (!next) return;
      detail = next;
      report('build', detail);
    },
    end: () => clearInterval(ticker),
  };
}

/** One line of `go install -v` as progress: `go: downloading MODULE VERSION`, or a package that is compiled. */
export function goProgress(line: string): string | null {
  const download = /^go: downloading (.+)$/.exec(line);
  if (download) return `downloading ${download[1]}`;
  return /^[\w.~/-]+$/.test(line) ? `compiling ${line}` : null;
}

/** What go complained about, on one line: its output without the progress. */
export function goComplaint(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '' && goProgress(line) === null)
    .slice(-3)
    .join(' ');
}

function untrustedModule(said: string): HarnessError {
  return new HarnessError(
    'K6_DOWNLOAD_FAILED',
    `A module of k6 does not match Go's checksum database: ${said}. Nothing was built.`,
    {
      hint: 'Something on the way changes modules (see GOPROXY): install k6 yourself and name it with K6_PATH.',
    },
  );
}
