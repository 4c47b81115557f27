import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { CommandConfig, VariantConfig } from '../config/rushhour-config.ts';
import { HarnessError } from '../errors.ts';
import { freePort } from '../machine/free-port.ts';
import { type CommandValues, databaseValues, mentions, prepareCommand } from './prepared-command.ts';
import { waitUntilHealthy } from './service-health.ts';
import { type ServingProcesses, watchServing } from './serving-processes.ts';
import { variantFolder } from './source-checkout.ts';
import { type SupervisedProcess, superviseProcess } from './supervised-process.ts';
import type { RunningService, StartRequest } from './target.ts';
import { warmUp } from './warm-up.ts';

export interface CommandStart extends StartRequest {
  readonly stopGraceMs?: number;
}

const HOST = '127.0.0.1';
const STOP_GRACE_MS = 15_000;
/** A port that was free may be taken a moment later. */
const PORT_ATTEMPTS = 3;
/** As long as a service may take to end when another one holds its port. */
const PORT_LOSS_MS = 1_000;

/**
 * Starts the command of a variant on a free port, waits until it is healthy, then starts its workers and warms it up.
 * @throws HarnessError SERVICE_START_FAILED, BAD_CONFIG
 */
export async function startFromCommand(
  loaded: LoadedConfig,
  variant: VariantConfig,
  request: CommandStart,
): Promise<RunningService> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(loaded, variant, request);
    } catch (error) {
      const again = error instanceof PortTaken && request.port === undefined && attempt < PORT_ATTEMPTS;
      if (!again) throw error;
    }
  }
}

/** The service has lost its port to somebody else. */
class PortTaken extends HarnessError {}

async function startOnce(
  loaded: LoadedConfig,
  variant: VariantConfig,
  request: CommandStart,
): Promise<RunningService> {
  const port = request.port ?? (await freePort());
  const baseUrl = `http://${HOST}:${port}`;
  const baseFolder = await variantFolder(loaded, request.variant, { signal: request.signal });
  const values = valuesOf(request, port, baseUrl);
  const processes: SupervisedProcess[] = [];
  const stop = () => stopAll(processes.splice(0).reverse(), request);
  const start = async (config: CommandConfig, part: string, noteAs: string) => {
    request.signal.throwIfAborted();
    const what = `variants.${request.variant}.${part}`;
    const prepared = prepareCommand(config, { what, baseFolder, values });
    const started = await superviseProcess(prepared, { noteAs, onMessage: request.onMessage });
    processes.push(started);
    return started;
  };
  try {
    const command = requireStart(variant, request.variant);
    const service = await start(command, 'start', `service ${request.variant}`);
    const serving = await untilUp(loaded, { service, command, port, baseUrl, request });
    for (const [index, worker] of (variant.workers ?? []).entries())
      await start(worker, `workers[${index}]`, `worker ${request.variant}`);
    if (loaded.config.service.warmUp)
      await warmUp({
        service: loaded.config.service,
        baseUrl,
        variant: request.variant,
        signal: request.signal,
      });
    const running = runningService(processes, serving, { baseUrl, variant: request.variant, stop });
    const failure = running.failure?.() ?? null;
    if (failure) throw failure;
    for (const one of processes) one.noteAgain();
    return running;
  } catch (error) {
    await stop();
    throw error;
  }
}

function requireStart({ start }: VariantConfig, name: string): CommandConfig {
  if (start) return start;
  throw new HarnessError('BAD_CONFIG', `variants.${name}: expected "start" or "url", got neither.`, {
    hint: '`start` is the command that runs the service, `url` where one runs already.',
  });
}

function valuesOf(
  { variant, databaseUrl, secret }: StartRequest,
  port: number,
  baseUrl: string,
): CommandValues {
  const database = databaseValues(databaseUrl);
  return {
    open: { ...database.open, variant, host: HOST, port, baseUrl },
    secret: { ...database.secret, secret: secret ?? randomBytes(32).toString('hex') },
  };
}

interface ComingUp {
  readonly service: SupervisedProcess;
  readonly command: CommandConfig;
  readonly port: number;
  readonly baseUrl: string;
  readonly request: CommandStart;
}

async function untilUp(loaded: LoadedConfig, coming: ComingUp): Promise<ServingProcesses> {
  const { service, command, port, baseUrl, request } = coming;
  const { health, startTimeoutSeconds = 60 } = loaded.config.service;
  const requireAlive = async () => {
    service.noteAgain();
    if (service.ending() !== null) throw await endedTooSoon(coming);
  };
  await waitUntilHealthy({
    url: new URL(health, baseUrl).href,
    timeoutMs: startTimeoutSeconds * 1000,
    signal: request.signal,
    requireAlive,
    afterSilence: mentions(command, /\{(port|baseUrl)\}/)
      ? ''
      : ' Nothing in its command asks for {port}: it got PORT in its environment, and may listen elsewhere.',
    lastLines: service.lastLines,
  });
  await requireOwnPort(coming, requireAlive);
  return watchServing(port, service.pids());
}

/** Whoever answers may be another program that took the port first; ours then ends a moment later. */
async function requireOwnPort({ service, port }: ComingUp, requireAlive: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + PORT_LOSS_MS;
  await requireAlive();
  while (!watchServing(port, service.pids()).known && performance.now() < deadline) {
    await delay(50);
    await requireAlive();
  }
}

async function endedTooSoon({ service, port, baseUrl, request }: ComingUp): Promise<HarnessError> {
  await service.drained();
  const name = `The service of variant "${request.variant}"`;
  const background = putIntoBackground(service, name);
  if (background) return background;
  const lines = service.lastLines();
  const lost =
    /EADDRINUSE|address( is)? already in use|port \S* ?(is )?(already )?(in use|taken|allocated)/i.test(
      lines,
    );
  const Kind = lost ? PortTaken : HarnessError;
  return new Kind(
    'SERVICE_START_FAILED',
    `${name} ${service.ending()} before it answered at ${baseUrl}.${lines}`,
    {
      hint: lost
        ? `It did not get its port. It has to listen at {port} (${port} this time), not at a fixed one.`
        : 'Its messages say why. Started by hand with the same environment it must stay in the foreground.',
    },
  );
}

/** A command that ended well and left processes behind has daemonised itself: nothing could say any more whether the service runs. */
function putIntoBackground(one: SupervisedProcess, name: string): HarnessError | null {
  const left = one.pids().length;
  if (one.ending() !== 'ended with exit code 0' || left === 0) return null;
  return new HarnessError(
    'SERVICE_START_FAILED',
    `${name} put itself into the background: its command ended with exit code 0 and left ${left} process(es) behind, which are ended. Expected a command that runs as long as the service does.${one.lastLines()}`,
    { hint: 'Run it in the foreground: without --daemon, -d, --detach, nohup or a trailing &.' },
  );
}

interface Place {
  readonly baseUrl: string;
  readonly variant: string;
  readonly stop: () => Promise<void>;
}

/** Not every failure is seen by a request: a worker that has gone leaves a service that answers and does nothing. */
function runningService(
  processes: readonly SupervisedProcess[],
  serving: ServingProcesses,
  { baseUrl, variant, stop }: Place,
): RunningService {
  const started = [...processes];
  const state = { failure: null as HarnessError | null, stopped: false };
  const look = () => {
    const gone = started.find((one) => one.ending() !== null);
    const background = gone ? putIntoBackground(gone, gone.what) : null;
    if (background) return background;
    if (gone)
      return failed(
        `${gone.what} ${gone.ending()} while variant "${variant}" was measured.${gone.lastLines()}`,
      );
    const change = serving.change();
    if (change === null) return null;
    return failed(
      `The service of variant "${variant}" was started anew while it was measured: ${change}.${started[0]?.lastLines() ?? ''}`,
    );
  };
  const failure = () => {
    if (!state.stopped) state.failure ??= look();
    return state.failure;
  };
  const ended = new AbortController();
  for (const one of started) {
    void one.ended.then(one.drained).then(() => {
      const reason = failure();
      if (reason && !state.stopped) ended.abort(reason);
    });
  }
  return {
    baseUrl,
    ended: ended.signal,
    get pids() {
      return started.flatMap((one) => one.pids());
    },
    failure,
    stop: async () => {
      state.stopped = true;
      await stop();
    },
  };
}

function failed(message: string): HarnessError {
  return new HarnessError('SERVICE_ENDED', message, {
    hint: 'Its messages say why. What was measured on it meanwhile does not count.',
  });
}

/** The last started first: workers before the service whose work they do. */
async function stopAll(processes: readonly SupervisedProcess[], request: CommandStart): Promise<void> {
  const graceMs = request.stopGraceMs ?? STOP_GRACE_MS;
  for (const one of processes) {
    const killed = await one.stop(graceMs);
    if (killed)
      request.onOddity?.(`${one.what} did not end within ${graceMs / 1000} s of SIGTERM and was killed.`);
  }
}
