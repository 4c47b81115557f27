import type { WeekRow } from '../../week-record.ts';
import { NO_VERDICT, VERDICT_LOOK, type VerdictLook } from '../verdict-words.ts';

const LOOKS: Readonly<Record<WeekRow['outcome'], VerdictLook>> = {
  pass: { ...VERDICT_LOOK.improved, word: 'pass', meaning: 'What was measured reaches the goal.' },
  fail: { ...VERDICT_LOOK.regressed, word: 'fail', meaning: 'What was measured falls short of the goal.' },
  open: { ...NO_VERDICT, word: 'open', sign: '○', meaning: 'It was not measured, so it is neither.' },
};

/** How an outcome is called and how it looks, in the terminal, on every page and in every chart. */
export function outcomeLook(outcome: WeekRow['outcome']): VerdictLook {
  return LOOKS[outcome];
}

/** How several look together: green only when each was measured and is enough. */
export function lookOf(rows: readonly Pick<WeekRow, 'outcome'>[]): VerdictLook {
  if (rows.some(({ outcome }) => outcome === 'fail')) return outcomeLook('fail');
  return outcomeLook(rows.length > 0 && rows.every(({ outcome }) => outcome === 'pass') ? 'pass' : 'open');
}
