/** k6's samples while it still writes them → how the load goes. */
import { POLL_SUFFIX } from '../../scenarios/endpoints.ts';
import type { ArrivalPlan, TrafficSchedule } from '../../scenarios/schedule.ts';
import { LiveTally } from '../live/live-tally.ts';
import { requestEnd, splitCsvLine, timeOf } from './k6-samples.ts';
import type { LoadProgress } from './load-generator.ts';

/** One row in thirteen is needed: the others are told by their beginning and not taken apart. */
const WANTED = /^(?:http_req_duration|mismatches|dropped_iterations|iterations_started),/;

/** Takes the file as it grows, in pieces that may end anywhere. Pure. */
export class K6LiveSamples {
  readonly #measured: ReadonlyMap<string, ArrivalPlan>;
  readonly #tally = new LiveTally();
  /** Of each step: how many arrivals started, the first and the last of them. */
  readonly #started = new Map<string, { count: number; firstMs: number; lastMs: number }>();
  #columns: readonly string[] | null = null;
  #rest = '';

  constructor(schedule: TrafficSchedule) {
    this.#measured = new Map(
      schedule.arrivals.filter(({ measured }) => measured).map((plan) => [plan.id, plan]),
    );
  }

  take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (this.#columns === null) this.#columns = splitCsvLine(line);
      else if (WANTED.test(line)) this.#takeRow(line, this.#columns);
    }
  }

  /** @param stage that goes on now */
  reading(stage: ArrivalPlan | undefined): Pick<LoadProgress, 'traffic' | 'achievedPerSecond'> {
    const started = stage === undefined ? undefined : this.#started.get(stage.id);
    const achievedPerSecond =
      started === undefined || started.lastMs <= started.firstMs
        ? null
        : ((started.count - 1) / (started.lastMs - started.firstMs)) * 1000;
    return { traffic: this.#tally.reading(), achievedPerSecond };
  }

  #takeRow(line: string, columns: readonly string[]): void {
    const cells = splitCsvLine(line);
    if (cells.length !== columns.length) return;
    const row = new Map(columns.map((name, index) => [name, cells[index] ?? '']));
    const step = this.#measured.get(row.get('scenario') ?? '');
    if (step === undefined || row.get('name')?.endsWith(POLL_SUFFIX)) return;
    const value = Number(row.get('metric_value'));
    switch (row.get('metric_name')) {
      case 'http_req_duration':
        this.#tally.add(value, requestEnd(row));
        break;
      case 'mismatches':
        this.#tally.errors += value;
        break;
      case 'dropped_iterations':
        this.#tally.dropped += value;
        break;
      default: {
        const started = this.#started.get(step.id);
        const atMs = timeOf(row);
        this.#started.set(step.id, {
          count: (started?.count ?? 0) + value,
          firstMs: Math.min(started?.firstMs ?? atMs, atMs),
          lastMs: Math.max(started?.lastMs ?? atMs, atMs),
        });
      }
    }
  }
}
