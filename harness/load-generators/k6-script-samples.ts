/** k6's CSV output of a script that is not ours → its requests by endpoint, and what else it counted. */
import { type Row, readRows, requestEnd, timeOf } from './k6-samples.ts';
import { LoadTally } from './load-tally.ts';

export interface ScriptSamples {
  readonly tally: LoadTally;
  readonly iterations: number;
  readonly dropped: number;
  readonly checks: { readonly made: number; readonly failed: number };
}

/** The phase that all of it is in. */
export const SCRIPT_PHASE = 'script';

/**
 * Reads the CSV lines of a run, header first. Setup and teardown are passed over; a warm-up of the script's own is not known as one.
 * @throws Error when the header lacks a column that is needed
 */
export async function readScriptSamples(
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<ScriptSamples> {
  const tally = new LoadTally();
  const counts = { iterations: 0, dropped: 0 };
  const checks = { made: 0, failed: 0 };
  let pending: Row | null = null;
  const finish = (waitedMs: number) => {
    if (pending === null) return;
    tally.add({
      endpoint: endpointOf(pending),
      phase: SCRIPT_PHASE,
      endedAtMs: timeOf(pending),
      durationMs: Number(pending.get('metric_value')),
      waitedMs,
      end: requestEnd(pending),
    });
    pending = null;
  };
  await readRows(lines, (row) => {
    if ((row.get('scenario') ?? '') === '') return;
    const metric = row.get('metric_name');
    const value = Number(row.get('metric_value'));
    if (metric === 'http_req_duration') {
      finish(0);
      pending = row;
    } else if (metric === 'http_req_blocked') finish(value);
    else if (metric === 'iterations') counts.iterations += value;
    else if (metric === 'dropped_iterations') counts.dropped += value;
    else if (metric === 'checks') {
      checks.made += 1;
      if (value === 0) checks.failed += 1;
    }
  });
  finish(0);
  return { tally, ...counts, checks };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The name that the script gave; k6 puts the address where it gave none, and then its ids are folded. */
function endpointOf(row: Row): string {
  const name = row.get('name') ?? '';
  return /^https?:\/\//i.test(name) ? `${row.get('method') ?? 'GET'} ${foldIds(name)}` : name;
}

/** The path of an address without its query, with `{id}` for every number and UUID. */
export function foldIds(address: string): string {
  const path = address.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/)[0] ?? '';
  const steps = path.split('/').map((step) => (/^\d+$/.test(step) || UUID.test(step) ? '{id}' : step));
  return steps.join('/') || '/';
}
