/** k6's samples while it still writes them → how the load goes. */
import type { ArrivalPlan, TrafficSchedule } from '../../scenarios/schedule.ts';
import { LiveTally } from '../live/live-tally.ts';
import { isPoll, type Row, requestEnd, timeOf } from './k6-samples.ts';
import type { LoadProgress } from './load-generator.ts';

/** Takes the rows as they come. Pure. */
export class K6LiveSamples {
  /** Rows of all others are passed over. */
  static readonly METRICS = [
    'http_req_duration',
    'mismatches',
    'dropped_iterations',
    'iterations_started',
  ] as const;
  readonly #measured: ReadonlyMap<string, ArrivalPlan>;
  readonly #tally = new LiveTally();
  /** Of each step: how many arrivals started, the first and the last of them. */
  readonly #started = new Map<string, { count: number; firstMs: number; lastMs: number }>();

  constructor(schedule: TrafficSchedule) {
    this.#measured = new Map(
      schedule.arrivals.filter(({ measured }) => measured).map((plan) => [plan.id, plan]),
    );
  }

  take(row: Row): void {
    const step = this.#measured.get(row.get('scenario') ?? '');
    if (step === undefined || isPoll(row)) return;
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
      case 'iterations_started': {
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

  /** @param stage that goes on now */
  reading(stage: ArrivalPlan | undefined): Pick<LoadProgress, 'traffic' | 'achievedPerSecond'> {
    const started = stage === undefined ? undefined : this.#started.get(stage.id);
    const achievedPerSecond =
      started === undefined || started.lastMs <= started.firstMs
        ? null
        : ((started.count - 1) / (started.lastMs - started.firstMs)) * 1000;
    return { traffic: this.#tally.reading(), achievedPerSecond };
  }
}
