import { SLOW } from '../../profiling/slow-statements.ts';
import type { ProfileFact } from '../../week-record.ts';

/**
 * The statements of a profile that are slow by the yardstick of an earlier one: those that run `often` or `long` as defined,
 * and those that take a tenth or more of the time that all statements of a dispatch took **before**. A share of their own
 * total would never go down, however fast all of them get.
 */
export function slowAfter(
  before: Pick<ProfileFact, 'statementTimes'>,
  after: Pick<ProfileFact, 'statementTimes'>,
): string[] {
  const allBeforeMs = before.statementTimes.reduce((sum, one) => sum + (one.msPerDispatch ?? 0), 0);
  return after.statementTimes
    .filter(
      ({ slow, msPerDispatch }) =>
        slow.some((definition) => definition !== 'share') ||
        (allBeforeMs > 0 && (msPerDispatch ?? 0) >= SLOW.share.ratio * allBeforeMs),
    )
    .map(({ statement }) => statement);
}
