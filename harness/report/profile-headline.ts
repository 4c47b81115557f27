import type { ProfileRecord } from '../profile-record.ts';
import { slowSentence } from '../profiling/slow-statements.ts';
import { timeShareDetail, timeShareHeadline } from '../profiling/time-share.ts';
import { countOf, formatCount } from '../quantity.ts';
import { median } from './dispatch-summary.ts';

const MOST_FINDINGS = 10;

/** What a profile found, for the terminal: what the database's share is first, then what costs most. */
export function profileLines(profile: ProfileRecord): string[] {
  const { findings } = profile.growth;
  const left = findings.length - MOST_FINDINGS;
  return [
    `${timeShareHeadline(profile.timeShare)}.`,
    timeShareDetail(profile.timeShare),
    countsLine(profile),
    slowSentence(profile.statements),
    ...(findings.length === 0 ? ['No N+1 and no row-by-row write.'] : ['']),
    ...findings.slice(0, MOST_FINDINGS).map(({ unit, sentence }) => `  - ${unit}: ${sentence}`),
    ...(left > 0 ? [`  - and ${left} more in the report`] : []),
    ...profile.visibility.missing,
    ...profile.warnings,
  ];
}

/** What was counted of a dispatch, and whether service and database agree on it. */
function countsLine({ dispatches }: ProfileRecord): string {
  const middle = (values: readonly number[]) => median(values) ?? 0;
  const statements = middle(dispatches.map((dispatch) => dispatch.statements));
  const roundTrips = middle(dispatches.map((dispatch) => dispatch.roundTrips));
  const commits = middle(dispatches.map((dispatch) => dispatch.commits));
  return `A dispatch: ${countOf(statements, 'statement')}, ${countOf(roundTrips, 'round trip')}, ${countOf(commits, 'commit')} that wrote (${agreementText(dispatches)}; median of ${formatCount(dispatches.length)}).`;
}

function agreementText(dispatches: ProfileRecord['dispatches']): string {
  if (dispatches.some(({ counted }) => counted === null))
    return 'heard between service and database, not counted there';
  return dispatches.every(({ counted, statements }) => counted?.statements === statements)
    ? 'heard between service and database and counted by the database, equal to the unit'
    : 'service and database do not agree on them, see below';
}
