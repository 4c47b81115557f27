/** k6's CSV output, line by line → the tally of the measured part. Column order and time unit are k6's (output/csv). */
import { POLL_SUFFIX } from '../../scenarios/endpoints.ts';
import type { TrafficSchedule } from '../../scenarios/schedule.ts';
import { LoadTally, type RequestEnd, TOO_MANY_REQUESTS } from './load-tally.ts';

/** What the scripts and k6 count; the part that is measured and the warm-up apart. */
export interface IterationCounts {
  started: number;
  ended: number;
  dropped: number;
  exceptions: number;
}

export interface K6Samples {
  readonly tally: LoadTally;
  readonly measured: IterationCounts;
  readonly warmUp: IterationCounts;
  /** Requests of the warm-up that failed. */
  readonly warmUpErrors: number;
  /** Requests that only asked whether a dispatch had ended; in no other number. */
  readonly polls: { readonly sent: number; readonly failed: number };
  readonly dispatches: { started: number; completed: number; failed: number };
  /** Start → completed of every completed dispatch of the measured part. */
  readonly dispatchTimesMs: number[];
}

/** Of k6's errors (js/modules/k6/http error codes): request timeout, and timeout while connecting. */
const TIMEOUT_CODES = new Set(['1050', '1211']);

const ITERATION_METRICS = new Map<string, keyof IterationCounts>([
  ['iterations_started', 'started'],
  ['iterations', 'ended'],
  ['dropped_iterations', 'dropped'],
  ['exceptions', 'exceptions'],
]);

const DISPATCH_METRICS = new Map<string, keyof K6Samples['dispatches']>([
  ['dispatches_started', 'started'],
  ['dispatches_completed', 'completed'],
  ['dispatches_failed', 'failed'],
]);

/** Cells of a row by the name of their column. */
export type Row = ReadonlyMap<string, string>;

/**
 * Reads the CSV lines of a run, header first. Rows of no scenario (the login) and incomplete lines are passed over.
 * @throws Error when the header lacks a column that is needed
 */
export async function readK6Samples(
  lines: AsyncIterable<string> | Iterable<string>,
  schedule: TrafficSchedule,
): Promise<K6Samples> {
  const reader = new SampleReader(schedule);
  await readRows(lines, (row) => reader.take(row));
  return reader.finish();
}

/**
 * Hands over every row by the names of its columns. False when there was not even a header.
 * @throws Error when the header lacks a column that is needed
 */
export async function readRows(
  lines: AsyncIterable<string> | Iterable<string>,
  onRow: (row: Row) => void,
): Promise<boolean> {
  let columns: string[] | null = null;
  for await (const line of lines) {
    const cells = splitCsvLine(line);
    if (columns === null) columns = checkHeader(cells);
    else if (cells.length === columns.length) onRow(rowOf(columns, cells));
  }
  return columns !== null;
}

/** Takes the rows of one target in the order of the file. */
export class SampleReader {
  readonly #phases: ReadonlyMap<string, { label: string; measured: boolean }>;
  readonly #samples = {
    tally: new LoadTally(),
    measured: noIterations(),
    warmUp: noIterations(),
    warmUpErrors: 0,
    polls: { sent: 0, failed: 0 },
    dispatches: { started: 0, completed: 0, failed: 0 },
    dispatchTimesMs: [] as number[],
  };
  #pending: { row: Row; phase: string } | null = null;
  /** Each name once: a cell is a piece of the text that was read, and would keep all of it in memory. */
  readonly #endpoints = new Map<string, string>();

  constructor(schedule: TrafficSchedule) {
    this.#phases = new Map(schedule.arrivals.map(({ id, label, measured }) => [id, { label, measured }]));
  }

  take(row: Row): void {
    const phase = this.#phases.get(row.get('scenario') ?? '');
    if (phase === undefined) return;
    const metric = row.get('metric_name') ?? '';
    if (metric === 'http_req_duration') this.#takeDuration(row, phase);
    else if (metric === 'http_req_blocked') this.#finishRequest(Number(row.get('metric_value')));
    else this.#takeCount(metric, row, phase);
  }

  finish(): K6Samples {
    this.#finishRequest(0);
    return this.#samples;
  }

  #takeDuration(row: Row, phase: { label: string; measured: boolean }): void {
    this.#finishRequest(0);
    const end = requestEnd(row);
    const failed = end === 'ok' || end === 'rate-limited' ? 0 : 1;
    if (isPoll(row)) {
      this.#samples.polls.sent += 1;
      this.#samples.polls.failed += failed;
    } else if (phase.measured) this.#pending = { row, phase: phase.label };
    else this.#samples.warmUpErrors += failed;
  }

  /** k6 writes the timings of one request in successive rows, the waiting for a connection after the duration. */
  #finishRequest(waitedMs: number): void {
    if (this.#pending === null) return;
    const { row, phase } = this.#pending;
    this.#pending = null;
    this.#samples.tally.add({
      endpoint: this.#endpointOf(row),
      phase,
      endedAtMs: timeOf(row),
      durationMs: Number(row.get('metric_value')),
      waitedMs,
      end: requestEnd(row),
    });
  }

  #endpointOf(row: Row): string {
    const name = row.get('name') ?? '';
    const known = this.#endpoints.get(name);
    if (known === undefined) this.#endpoints.set(name, name);
    return known ?? name;
  }

  #takeCount(metric: string, row: Row, phase: { label: string; measured: boolean }): void {
    const value = Number(row.get('metric_value'));
    const iterationCount = ITERATION_METRICS.get(metric);
    if (iterationCount !== undefined) {
      (phase.measured ? this.#samples.measured : this.#samples.warmUp)[iterationCount] += value;
      return;
    }
    if (metric === 'mismatches') this.#takeMismatch(row, phase);
    if (!phase.measured) return;
    const dispatchCount = DISPATCH_METRICS.get(metric);
    if (dispatchCount !== undefined) this.#samples.dispatches[dispatchCount] += value;
    if (metric === 'dispatch_time_to_complete') this.#samples.dispatchTimesMs.push(value);
  }

  #takeMismatch(row: Row, phase: { label: string; measured: boolean }): void {
    const endpoint = row.get('name') ?? '';
    if (isPoll(row)) this.#samples.polls.failed += 1;
    else if (!phase.measured) this.#samples.warmUpErrors += 1;
    else this.#samples.tally.addLateMismatch({ endpoint, phase: phase.label, endedAtMs: timeOf(row) });
  }
}

function noIterations(): IterationCounts {
  return { started: 0, ended: 0, dropped: 0, exceptions: 0 };
}

export function isPoll(row: Row): boolean {
  return row.get('name')?.endsWith(POLL_SUFFIX) ?? false;
}

/** Time stamps are microseconds; a request's is that of its end. */
export function timeOf(row: Row): number {
  return Number(row.get('timestamp')) / 1000;
}

export function requestEnd(row: Row): RequestEnd {
  if (TIMEOUT_CODES.has(row.get('error_code') ?? '')) return 'timeout';
  if (row.get('status') === '0') return 'lost';
  if (row.get('status') === String(TOO_MANY_REQUESTS)) return 'rate-limited';
  return row.get('expected_response') === 'true' ? 'ok' : 'wrong-status';
}

const NEEDED_COLUMNS = [
  'metric_name',
  'timestamp',
  'metric_value',
  'name',
  'scenario',
  'status',
  'expected_response',
  'error_code',
];

function checkHeader(columns: string[]): string[] {
  const missing = NEEDED_COLUMNS.filter((name) => !columns.includes(name));
  if (missing.length > 0) throw new Error(`the samples of k6 have no column ${missing.join(', ')}`);
  return columns;
}

/** Cells of a line of RFC 4180 CSV without line breaks inside cells. */
export function splitCsvLine(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const cells = line.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^,]*)/g) ?? [];
  return cells.map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}

export function rowOf(columns: readonly string[], cells: readonly string[]): Row {
  const row = new Map<string, string>();
  for (let index = 0; index < columns.length; index += 1)
    row.set(columns[index] as string, cells[index] as string);
  return row;
}
