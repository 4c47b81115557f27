import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { execa } from 'execa';
import { HarnessError } from '../errors.ts';
import { PROJECT_ROOT } from '../machine/environment.ts';
import { freePort, isPortFree } from '../machine/free-port.ts';
import { noteProcess } from '../machine/process-notes.ts';
import { rememberSecret, rememberUrlPassword } from '../secrets.ts';
import type { RunningService } from '../targets/target.ts';

export interface ServiceOptions {
  readonly variant: string;
  readonly databaseUrl: string;
  /** Arguments of Node that start the service, before those that every service is given. Default: the reference service. */
  readonly entry?: readonly string[];
  /** Default: one that is free. */
  readonly port?: number;
  /** Where to look for a port when none is given. Default: {@link freePort}. */
  readonly choosePort?: () => Promise<number>;
  /** Signs the tokens, 32 characters or more: services that share one accept each other's. Default: a random one. */
  readonly jwtSecret?: string;
  /** Busy time added to each request ÷ its service time, to see whether it would be noticed. Default: 0, none. */
  readonly injectedSlowdownRatio?: number | undefined;
  readonly signal?: AbortSignal;
  /** The service's own messages go here. Default: kept, and shown when the start fails. */
  readonly onStderr?: (line: string) => void;
}

const REFERENCE_SERVICE: readonly string[] = [path.join(PROJECT_ROOT, 'target', 'main.ts')];
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;

/** How many ports are tried before the service is given up. */
const MOST_PORTS = 3;

/**
 * Starts the reference service as a process of its own and returns once it answers on /health. Between the choice of a port and its use somebody else may take it, such
 * as another rushhour: then another port is tried, unless this one was asked for.
 *
 * @throws HarnessError SERVICE_START_FAILED when it exits or does not answer within 30 seconds, or its port is taken.
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  if (options.port !== undefined) return startOn(options.port, options);
  for (let tried = 1; ; tried++) {
    const port = await (options.choosePort ?? freePort)();
    try {
      return await startOn(port, options);
    } catch (error) {
      if (tried >= MOST_PORTS || !(error instanceof PortTaken)) throw error;
    }
  }
}

class PortTaken extends HarnessError {
  constructor(port: number) {
    super(
      'SERVICE_START_FAILED',
      `The service cannot listen on 127.0.0.1:${port}: expected a free port, got one that is taken.`,
      { hint: 'Leave --port out for one that is free, or end what listens there.' },
    );
  }
}

async function startOn(port: number, options: ServiceOptions): Promise<RunningService> {
  // Asked before: whoever listens there would answer /health in place of the service.
  if (!(await isPortFree(port))) throw new PortTaken(port);
  const jwtSecret = options.jwtSecret ?? randomBytes(32).toString('hex');
  const forgetJwtSecret = rememberSecret(jwtSecret);
  rememberUrlPassword(options.databaseUrl);
  const child = execa(
    process.execPath,
    ['--import', 'tsx', ...(options.entry ?? REFERENCE_SERVICE), ...serviceArguments(options)],
    {
      cwd: PROJECT_ROOT, // the loader is found from here
      env: {
        // Credentials travel in the environment: argv can be read by every user of the machine.
        DATABASE_URL: options.databaseUrl,
        JWT_SECRET: jwtSecret,
        HOST: '127.0.0.1',
        PORT: String(port),
        NODE_ENV: 'production',
      },
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'pipe',
      reject: false,
      // A process group of its own: Ctrl-C in the terminal must reach the service through us, in order.
      detached: true,
      forceKillAfterDelay: STOP_TIMEOUT_MS,
    },
  );
  child.then(noteProcess({ pid: child.pid, what: `service ${options.variant}`, leadsGroup: true }));
  const messages: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    messages.push(text);
    if (messages.length > 50) messages.shift();
    options.onStderr?.(text.trimEnd());
  });
  const baseUrl = `http://127.0.0.1:${port}`;
  const killOnExit = () => child.kill('SIGKILL'); // the last resort, for a harness that dies by an exception
  process.once('exit', killOnExit);
  const ended = new AbortController();
  let told = false;
  const stop = async () => {
    told = true;
    child.kill('SIGTERM');
    await child;
    process.removeListener('exit', killOnExit);
    forgetJwtSecret(); // a week starts hundreds of services
  };
  const exited = child.then((result) => {
    if (!told) ended.abort(endedBySelf(options.variant, result, messages));
    if (messages.some((text) => text.includes('EADDRINUSE'))) throw new PortTaken(port);
    throw new HarnessError(
      'SERVICE_START_FAILED',
      `The service ended (${result.shortMessage ?? `exit ${result.exitCode}`}).\n${messages.join('').trim()}`,
      { hint: 'Its message above says why. `rushhour doctor` checks what it needs.' },
    );
  });
  exited.catch(() => {}); // after the start nobody waits for it any more
  try {
    await Promise.race([waitUntilHealthy(baseUrl, options.signal), exited]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { baseUrl, pids: child.pid === undefined ? [] : [child.pid], ended: ended.signal, stop };
}

/** How much of what it said is told: the end says why. */
const LAST_LINES = 10;

function endedBySelf(
  variant: string,
  { signal, exitCode }: { readonly signal?: string | undefined; readonly exitCode?: number | undefined },
  messages: readonly string[],
): HarnessError {
  const how = signal ? `ended by ${signal}` : `exit code ${exitCode}`;
  const said = messages.join('').trim().split('\n').slice(-LAST_LINES).join('\n');
  const words = said === '' ? 'It had said nothing.' : `Its last messages:\n${said}`;
  return new HarnessError(
    'SERVICE_ENDED',
    `The service (${variant}) ended while it was measured: ${how}, expected it to run on. ${words}`,
    {
      hint: signal
        ? 'Somebody has ended it; a system that is out of memory sends SIGKILL.'
        : `\`rushhour serve --variant ${variant}\` runs it alone and shows its messages.`,
    },
  );
}

function serviceArguments({ variant, injectedSlowdownRatio = 0 }: ServiceOptions): string[] {
  if (injectedSlowdownRatio === 0) return ['--variant', variant];
  const percent = Number((injectedSlowdownRatio * 100).toPrecision(12));
  return ['--variant', variant, '--inject-slowdown', `${percent}%`];
}

async function waitUntilHealthy(baseUrl: string, signal: AbortSignal | undefined): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await fetch(`${baseUrl}/health`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    if (answer?.ok) return;
    if (performance.now() > deadline) {
      throw new HarnessError(
        'SERVICE_START_FAILED',
        `The service at ${baseUrl} did not answer /health in ${START_TIMEOUT_MS / 1000} s.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
