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
