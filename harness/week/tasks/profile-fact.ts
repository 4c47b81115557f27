import type { ProfileRecord } from '../../profile-record.ts';
import { planLine } from '../../profiling/plan-text.ts';
import type { ProfiledStatement, StatementPlans } from '../../profiling/statement-record.ts';
import { median } from '../../statistics/hodges-lehmann.ts';
import type { ProfileFact } from '../../week-record.ts';

const SLOWEST = 10;

/** A profile in short. @param captured statements of its dispatches that were heard with their parameters */
export function profileFact(
  { variant, dispatches, timeShare, statements: { statements }, plans }: ProfileRecord,
  { folder, captured }: Pick<ProfileFact, 'folder' | 'captured'>,
): ProfileFact {
  const middle = (values: readonly number[]) => Math.round(median(values));
  return {
    folder,
    variant,
    dispatchMs: median(dispatches.map(({ undisturbedMs }) => undisturbedMs)),
    databaseShare: timeShare.databaseShare.median,
    statements: middle(dispatches.map((one) => one.statements)),
    roundTrips: middle(dispatches.map(({ roundTrips }) => roundTrips)),
    commits: middle(dispatches.map(({ commits }) => commits)),
    captured,
    slow: statements.filter(({ slow }) => slow.length > 0).map(({ statement }) => statement),
    statementTimes: statements.map((one) => ({
      statement: one.statement,
      msPerDispatch: msPerDispatch(one),
      slow: [...one.slow],
    })),
    slowest: statements
      .toSorted((a, b) => (msPerDispatch(b) ?? 0) - (msPerDispatch(a) ?? 0))
      .slice(0, SLOWEST)
      .map((one) => ({
        statement: one.statement,
        callsPerDispatch: one.callsPerDispatch,
        meanMs: one.meanMs,
        msPerDispatch: msPerDispatch(one),
        timeShare: one.timeShare,
        plan: planOf(one.statement, plans),
      })),
  };
}

function msPerDispatch({ meanMs, callsPerDispatch }: ProfiledStatement): number | null {
  return meanMs === null ? null : meanMs * callsPerDispatch;
}

function planOf(wanted: string, plans: readonly StatementPlans[]): string | null {
  const analysed = plans.find(({ statement }) => statement === wanted)?.analysed;
  return analysed === undefined || 'unavailable' in analysed ? null : planLine(analysed);
}
