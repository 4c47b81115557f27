import { countOf, formatCount, formatDuration, formatInstant } from '../../quantity.ts';
import { WEEK_ORDER } from '../../week/rows/week-steps.ts';
import type { LoadTestFact, WeekRecord } from '../../week-record.ts';
import { contextLine, datasetText } from '../charts/context.ts';
import { type VariantStyle, variantStyles } from '../charts/palette.ts';
import { historyWords } from '../dataset-size.ts';
import { capitalised } from '../verdict-sentence.ts';
import type { PageFiles } from './week-page.ts';

/** "100 bookings a dispatch, 50 drivers, 100,000 past bookings" */
export function loadDatasetText({ openBookings, drivers, history }: LoadTestFact): string {
  if (openBookings === null || drivers === null || history === null) return 'data of its own';
  return `${countOf(openBookings, 'booking')} a dispatch, ${countOf(drivers, 'driver')}, ${formatCount(history)} past bookings`;
}

/** What a week was measured on: dataset, server, machine, mode and time. */
export function basisText({
  dataset,
  environment,
  plan,
  startedAt,
  wallMs,
  sittings,
  id,
}: WeekRecord): string {
  return contextLine(
    dataset === null ? null : [datasetText(dataset), ...historyWords(dataset)].join(', '),
    environment === null
      ? null
      : `PostgreSQL ${environment.postgres.version} on ${environment.cpuCount} × ${environment.cpuModel}`,
    `${plan.mode} week`,
    `${formatInstant(startedAt)}, ${formatDuration(wallMs)}${sittings > 1 ? ` in ${formatCount(sittings)} sittings` : ''}`,
    id,
  );
}

/** "The service orders, with the variants of its config: baseline is “before”, …"; `null` for the reference target. */
export function namesText({ plan: { target } }: WeekRecord): string | null {
  if (target === undefined) return null;
  const names = target.variants.map(({ name, variant }) => `${name} is “${variant}”`);
  return `The service ${target.name}, with the variants of its config: ${names.join(', ')}.`;
}

/** "Incomplete: the week was interrupted after 5 of 12 tasks. …"; `null` for a complete one. */
export function incompleteWeek({ state, failure, tasks }: WeekRecord): string | null {
  const broken = tasks.filter((task) => task.state === 'failed');
  if (state === 'complete' && broken.length === 0) return null;
  const done = tasks.filter((task) => task.state === 'done').length;
  const why = [failure, ...broken.map((task) => `${task.title}: ${task.failure ?? 'failed'}`)].filter(
    (reason) => reason !== null,
  );
  const said = { complete: 'lacks what failed', interrupted: 'was interrupted', failed: 'failed' }[state];
  return [
    `Incomplete: the week ${said}; ${formatCount(done)} of ${countOf(tasks.length, 'task')} were done.`,
    ...why.map((reason) => capitalised(/[.!?]$/.test(reason) ? reason : `${reason}.`)),
  ].join(' ');
}

/** "yes", "no", or that it was not looked at. */
export function yesOrNo(answer: boolean | null): string {
  if (answer === null) return 'not compared';
  return answer ? 'yes' : 'no';
}

/** The first line of a page: what it is, that it is incomplete where it is, and what came out. */
export function pageTitle({ name }: PageFiles, record: WeekRecord, verdict: string): string {
  return `${name}${incompleteWeek(record) === null ? '' : ', incomplete'}: ${verdict}`;
}

/** How each variant and each step looks on every page. */
export function weekStyles({ plan, contributions }: WeekRecord): Map<string, VariantStyle> {
  const steps = (contributions?.orders ?? []).flatMap(({ switches }) => switches);
  return variantStyles([...new Set([...plan.ladder.variants, ...WEEK_ORDER, ...steps])]);
}
