/** Start the dispatch of one offer and follow it to its end, as far as the service itself tells. */
import { sleep } from 'k6';
import { type Asking, askingAbout, type DispatchRequests } from '../endpoint-traffic.ts';
import { POLL_SUFFIX } from '../endpoints.ts';
import { templateValueAt } from '../request-template.ts';
import type { Turn } from '../target-turns.ts';
import { ask, extracted } from './endpoint-client.ts';
import { identities, plan } from './endpoint-plan.ts';
import { dispatchesCompleted, dispatchesFailed, dispatchesStarted, dispatchTime } from './metrics.ts';
import { targets } from './plan.ts';

type Poll = Extract<DispatchRequests['complete'], { readonly by: 'poll' }>;

export function runEndpointDispatch({ target, index }: Turn): void {
  if (plan.dispatch === null) return;
  const { start, complete, timeoutSeconds } = plan.dispatch;
  const asking = askingAbout(plan, identities[target] ?? [], index);
  const baseUrl = targets[target]?.baseUrl ?? '';
  const sentAt = Date.now();
  const answer = ask(start, asking, baseUrl, { timeoutSeconds });
  if (!answer.expected) return;
  dispatchesStarted.add(1);
  if (complete === null) return;
  if (complete.by === 'poll') {
    const found = extracted(start, answer);
    if (found === null) return;
    const followed = { ...asking, values: { ...asking.values, ...found } };
    const deadline = sentAt + timeoutSeconds * 1000;
    const state = followToEnd(complete, followed, baseUrl, deadline);
    if (state === 'failed') dispatchesFailed.add(1);
    if (state !== 'done') return;
  }
  dispatchTime.add(Date.now() - sentAt);
  dispatchesCompleted.add(1);
}

/** An answer that is not as expected is asked for again: it is counted among the questions that failed. */
function followToEnd(
  { ask: question, state, done, failed, everyMs }: Poll,
  asking: Asking,
  baseUrl: string,
  deadline: number,
): 'done' | 'failed' | 'running' {
  const endpoint = { ...question, name: `${question.name}${POLL_SUFFIX}` };
  while (Date.now() < deadline) {
    const answer = ask(endpoint, asking, baseUrl, { tags: { phase: 'poll' } });
    const value = answer.expected ? templateValueAt(answer.body(), state) : undefined;
    if (value !== undefined && done.includes(value)) return 'done';
    if (value !== undefined && failed.includes(value)) return 'failed';
    sleep(everyMs / 1000);
  }
  return 'running';
}
