import type { NightRecord } from '../../harness/night-record.ts';
import { countOf } from '../../harness/quantity.ts';
import type { Day } from './days.ts';

/** What `rushhour bisect --json` says. */
export interface BisectAnswer {
  readonly ended: { readonly end: string };
  readonly commits: readonly { readonly subject: string }[];
  readonly steps: readonly unknown[];
}

export interface NightSaid {
  readonly day: Day;
  readonly verdict: NightRecord['verdict'];
  readonly met: boolean;
  readonly line: string;
}

/**
 * Whether a night said what it should: what was planted, with its commit; and of any other no regression, and no improvement over the reference
 * before there is one.
 */
export function judgeNight(day: Day, night: NightRecord, answer: BisectAnswer | null): NightSaid {
  const { verdict, headline } = night;
  const named = answer?.ended.end === 'found' ? (answer.commits[0]?.subject ?? '') : '';
  const met = day.planted
    ? verdict === day.planted.direction && named === day.planted.subject
    : verdict !== 'regressed' && verdict !== 'failed' && (verdict !== 'improved' || day.better);
  const search = day.planted
    ? ` · planted: "${day.planted.subject}" · bisect: ${named === '' ? 'named none' : `"${named}"`} in ${answer?.steps.length ?? 0} steps`
    : '';
  return {
    ...{ day, verdict, met },
    line: `${met ? 'ok    ' : 'MISSED'} day ${day.day}: ${verdict}, ${headline}${search}`,
  };
}

/** "30 of 30 nights, 30 as they should be, 0 missed; planted: 3 of 3 found and named; the others: 18 fine, 9 improved" */
export function monthSummary(days: readonly Day[], said: readonly NightSaid[]): string {
  const missed = said.filter(({ met }) => !met).length;
  const planted = said.filter(({ day }) => day.planted);
  const others = said.filter(({ day }) => !day.planted).map(({ verdict }) => verdict);
  const counts = [...new Set(others)].map(
    (verdict) => `${others.filter((one) => one === verdict).length} ${verdict}`,
  );
  return (
    `${said.length} of ${countOf(days.length, 'night')}, ${said.length - missed} as they should be, ${missed} missed; ` +
    `planted: ${planted.filter(({ met }) => met).length} of ${planted.length} found and named; the others: ${counts.join(', ')}`
  );
}
