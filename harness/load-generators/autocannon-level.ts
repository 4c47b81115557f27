/** One level of a saturation probe, run by autocannon and recorded by ourselves. */
import autocannon from 'autocannon';
import type { ProbeLevel } from '../../scenarios/probe-levels.ts';
import { type ConnectionInternals, watchConnection } from './autocannon-connection.ts';
import type { LevelAccount } from './autocannon-job.ts';
import type { ProbeSample } from './autocannon-samples.ts';
import type { RequestEnd } from './load-tally.ts';
import type { SentRequest } from './probe-source.ts';

export interface LevelRequest {
  readonly level: ProbeLevel;
  readonly baseUrl: string;
  /** Called once per request, in the order they are sent. */
  nextRequest(): SentRequest;
  /** How a request ended that was answered like this. */
  judge(status: number, body: string): RequestEnd;
  readonly signal: AbortSignal;
  onEnd?(end: RequestEnd): void;
  /** Of each request that is measured. */
  onMeasured?(durationMs: number, end: RequestEnd): void;
}

/** What a job does with the levels that it runs. */
export interface Recording {
  readonly signal: AbortSignal;
  onBegin(level: string): void;
  /** @param target its number */
  onEnd(target: number, end: RequestEnd): void;
  onMeasured(durationMs: number, end: RequestEnd): void;
  /** Called between levels. */
  keep(samples: readonly ProbeSample[]): Promise<void>;
}

export interface LevelResult {
  readonly account: LevelAccount;
  readonly samples: ProbeSample[];
  readonly stopped: boolean;
}

/** Requests in a row, on all connections, that find no connection before a level is given up. */
const LOST_IN_A_ROW_LIMIT = 200;

/** autocannon ends on a tick of its sampling interval; its own numbers are not used. */
const SAMPLE_INTERVAL_MS = 50;

/**
 * Runs one level to its end. A level with a time measures what was sent after the warm-up and answered before the end; one
 * with a number of requests measures every request. Latency is that of autocannon's `response` event, nanoseconds; its
 * histogram keeps whole milliseconds only.
 */
export async function runLevel(request: LevelRequest): Promise<LevelResult> {
  const recorder = new LevelRecorder(request);
  const { length } = request.level;
  let timer: NodeJS.Timeout | undefined;
  let stop = () => {};
  await new Promise<void>((resolve, reject) => {
    const instance = autocannon(autocannonOptions(request, recorder), (error) =>
      error ? reject(error) : resolve(),
    );
    recorder.onGiveUp = () => instance.stop();
    stop = () => {
      recorder.closed = true;
      instance.stop();
    };
    if ('seconds' in length) timer = setTimeout(stop, recorder.untilMs - performance.now());
    request.signal.addEventListener('abort', stop);
    if (request.signal.aborted) stop();
  }).finally(() => {
    clearTimeout(timer);
    request.signal.removeEventListener('abort', stop);
  });
  return { account: recorder.account(), samples: recorder.samples, stopped: request.signal.aborted };
}

function autocannonOptions(
  { level, baseUrl, nextRequest }: LevelRequest,
  recorder: LevelRecorder,
): autocannon.Options {
  const pathPrefix = new URL(baseUrl).pathname.replace(/\/$/, '');
  return {
    url: baseUrl,
    connections: level.connections,
    pipelining: 1,
    timeout: level.timeoutSeconds,
    sampleInt: SAMPLE_INTERVAL_MS,
    ...('requests' in level.length
      ? { amount: level.length.requests }
      : { duration: level.length.warmUpSeconds + level.length.seconds + 60 }),
    setupClient: (client) => recorder.watch(client as unknown as ConnectionInternals),
    requests: [
      {
        setupRequest: (prepared) => {
          const next = nextRequest();
          return {
            ...prepared,
            method: next.method as autocannon.Request['method'] & string,
            path: `${pathPrefix}${next.path}`,
            headers: next.headers,
            body: next.body ?? '',
          };
        },
        onResponse: (status, body) => recorder.judge(status, body),
      },
    ],
  };
}

class LevelRecorder {
  readonly samples: ProbeSample[] = [];
  readonly untilMs: number;
  /** Nothing that ends from now on is measured. */
  closed = false;
  onGiveUp: () => void = () => {};

  readonly #request: LevelRequest;
  readonly #fromMs: number;
  readonly #counts = { sent: 0, answered: 0, timedOut: 0, lost: 0, inFlightAtStop: 0 };
  #verdict: RequestEnd = 'ok';
  #lostInARow = 0;
  #gaveUp = false;
  #lastConnectionError: string | null = null;

  constructor(request: LevelRequest) {
    this.#request = request;
    const { length } = request.level;
    const nowMs = performance.now();
    this.#fromMs = 'seconds' in length ? nowMs + length.warmUpSeconds * 1000 : nowMs;
    this.untilMs = 'seconds' in length ? this.#fromMs + length.seconds * 1000 : Number.POSITIVE_INFINITY;
  }

  watch(client: ConnectionInternals): void {
    watchConnection(client, this.#request.level.timeoutSeconds * 1000, {
      sent: () => {
        this.#counts.sent += 1;
      },
      answered: (sentAtMs, durationMs) => {
        this.#counts.answered += 1;
        this.#lostInARow = 0;
        this.#record(sentAtMs, durationMs, this.#verdict);
        this.#request.onEnd?.(this.#verdict);
      },
      unanswered: (sentAtMs, durationMs, end) => {
        this.#counts[end === 'lost' ? 'lost' : 'timedOut'] += 1;
        this.#record(sentAtMs, durationMs, end);
        this.#request.onEnd?.(end);
        if (end === 'lost') this.#countLost();
      },
      leftInFlight: (sentAtMs, durationMs) => {
        if (this.closed || this.#gaveUp) {
          this.#counts.inFlightAtStop += 1;
          return;
        }
        // The last of its requests: autocannon does not connect again for none.
        this.#counts.lost += 1;
        this.#record(sentAtMs, durationMs, 'lost');
      },
      connectionError: (error) => {
        this.#lastConnectionError = error.message;
      },
    });
  }

  /** autocannon hands over the body before it emits `response` for the same request. */
  judge(status: number, body: string): void {
    this.#verdict = this.#request.judge(status, body);
  }

  account(): LevelAccount {
    return {
      name: this.#request.level.name,
      ...this.#counts,
      lastConnectionError: this.#lastConnectionError,
      gaveUp: this.#gaveUp,
    };
  }

  #record(sentAtMs: number, durationMs: number, end: RequestEnd): void {
    if (this.closed || sentAtMs < this.#fromMs || sentAtMs + durationMs > this.untilMs) return;
    const { name, endpointName } = this.#request.level;
    this.#request.onMeasured?.(durationMs, end);
    this.samples.push({ level: name, endpoint: endpointName, sentAtMs, durationMs, end });
  }

  /** Without a service autocannon connects again at once, thousands of times a second. */
  #countLost(): void {
    this.#lostInARow += 1;
    if (this.#lostInARow < LOST_IN_A_ROW_LIMIT || this.#gaveUp) return;
    this.#gaveUp = true;
    this.onGiveUp();
  }
}
