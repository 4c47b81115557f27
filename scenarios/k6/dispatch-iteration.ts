/** Start the dispatch of one company-day, follow it to its end, then read it and change what it assigned. */
import { sleep } from 'k6';
import { ENDPOINTS } from '../endpoints.ts';
import type { CompanyDay } from '../traffic-plan.ts';
import { poll, send } from './client.ts';
import { workload } from './day-plan.ts';
import { dispatchesCompleted, dispatchesFailed, dispatchesStarted, dispatchTime } from './metrics.ts';
import type { TargetSession } from './sessions.ts';

interface Run {
  id: number;
  status: 'running' | 'completed' | 'failed';
}

/** Asking again after 5 % of the time so far keeps the error of the measured time at 5 %, with few requests. */
const POLL_SHARE = 0.05;
const SHORTEST_POLL_SECONDS = 0.02;
const LONGEST_POLL_SECONDS = 1;

export function runDispatchIteration(session: TargetSession, { day }: CompanyDay): void {
  const sentAt = Date.now();
  const answer = send(ENDPOINTS.startDispatch, { day }, session) as { run: Run } | null;
  if (answer === null) return;
  dispatchesStarted.add(1);
  const deadline = sentAt + workload.dispatch.deadlineSeconds * 1000;
  const run = followToEnd(answer.run, session, sentAt, deadline);
  if (run.status === 'failed') dispatchesFailed.add(1);
  if (run.status !== 'completed') return;
  dispatchTime.add(Date.now() - sentAt);
  dispatchesCompleted.add(1);
  send(ENDPOINTS.readDispatch, { id: run.id }, session);
  acceptAssignments(run.id, session, deadline);
}

/** The run as last seen: ended, or still running at the deadline. */
function followToEnd(started: Run, session: TargetSession, sentAt: number, deadline: number): Run {
  let run = started;
  while (run.status === 'running') {
    const pollSeconds = ((Date.now() - sentAt) / 1000) * POLL_SHARE;
    sleep(Math.min(LONGEST_POLL_SECONDS, Math.max(SHORTEST_POLL_SECONDS, pollSeconds)));
    if (Date.now() >= deadline) break;
    const answer = poll(ENDPOINTS.readDispatch, { id: run.id }, session) as { run: Run } | null;
    if (answer !== null) run = answer.run;
  }
  return run;
}

/** Only this iteration knows the run, so no other one changes the same assignment and gets a 409. */
function acceptAssignments(runId: number, session: TargetSession, deadline: number): void {
  const limit = workload.dispatch.statusChanges;
  const page = send(ENDPOINTS.listAssignments, { runId, limit }, session) as {
    items: { id: number }[];
  } | null;
  for (const { id } of page?.items ?? []) {
    if (Date.now() >= deadline) return;
    send(ENDPOINTS.changeAssignment, { id, status: 'accepted' }, session);
  }
}
