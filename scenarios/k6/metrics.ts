/** What the scripts count beyond k6's own metrics. Names are read by the k6 adapter of the harness. */
import { Counter, Trend } from 'k6/metrics';

/** With `iterations` (those that ended) this tells how many were cut off; k6 counts them nowhere. */
export const iterationsStarted = new Counter('iterations_started');
/** k6 counts an iteration that threw as a complete one and exits 0. */
export const exceptions = new Counter('exceptions');
/** Answers with the right status and the wrong body, by the `name` of the endpoint. */
export const mismatches = new Counter('mismatches');

export const dispatchesStarted = new Counter('dispatches_started');
export const dispatchesCompleted = new Counter('dispatches_completed');
export const dispatchesFailed = new Counter('dispatches_failed');
/** Start request sent → run seen completed, in milliseconds. */
export const dispatchTime = new Trend('dispatch_time_to_complete', true);
