import type { ProfileRecord } from '../profile-record.ts';
import { formatCount, formatDuration, formatInstant } from '../quantity.ts';
import { callsAgainstSizeChart } from './charts/calls-against-size.ts';
import { contextLine } from './charts/context.ts';
import { costliestStatementsChart } from './charts/costliest-statements.ts';
import { wallTimeShareChart } from './charts/wall-time-share.ts';
import { dispatchSizeWords, historyWords, namedSize } from './dataset-size.ts';
import { median } from './dispatch-summary.ts';
import { nPlusOneIssues } from './n-plus-one-issues.ts';
import type { ProfilePart } from './profile-part.ts';
import { profilingResults } from './profiling-results.ts';

/** What a reader of a profile sees, in two parts. HTML and Markdown only draw it. */
export interface ProfileView {
  /** Of the result. */
  readonly id: string;
  readonly profiling: ProfilePart;
  readonly issues: ProfilePart;
}

export function profileView(profile: ProfileRecord): ProfileView {
  const { id, variant, timeShare, statements, plans, growth, visibility, warnings } = profile;
  const what = subjectOf(profile);
  const context = contextLine(what, measuredAt(profile));
  return {
    id,
    profiling: profilingResults(
      { timeShare, slow: statements, plans, unseen: [...visibility.missing, ...warnings] },
      {
        context: `${context}. ${tapText(profile)}`,
        charts: {
          wallTime: wallTimeShareChart(timeShare, what),
          costliest: costliestStatementsChart(statements, what),
        },
      },
    ),
    issues: nPlusOneIssues(growth, {
      context,
      chart: callsAgainstSizeChart(growth.findings, `${variant}, small datasets of growing size`),
    }),
  };
}

/** "baseline, dataset load: 100 bookings a dispatch, 50 drivers, 100,000 past bookings" */
function subjectOf({ variant, dataset }: ProfileRecord): string {
  const size = [...dispatchSizeWords(dataset), ...historyWords(dataset)];
  return `${variant}, ${namedSize(`dataset ${dataset.profile}`, size)}`;
}

function measuredAt({ startedAt, environment, id }: ProfileRecord): string {
  const { cpuCount, cpuModel, postgres } = environment;
  return `PostgreSQL ${postgres.version} on ${cpuCount} × ${cpuModel} · ${formatInstant(startedAt)} · ${id}`;
}

/** What listening costs, so that nobody takes its share for the service's. */
function tapText({ dispatches }: ProfileRecord): string {
  const heard = median(dispatches.map(({ wallMs }) => wallMs)) ?? 0;
  const alone = median(dispatches.map(({ undisturbedMs }) => undisturbedMs)) ?? 0;
  return `Statements were heard between service and database. The same dispatches took ${formatDuration(alone)} with nothing in between and ${formatDuration(heard)} so (medians of ${formatCount(dispatches.length)}); what listening adds is among the round trips and the service's own time.`;
}
