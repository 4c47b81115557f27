import { formatChange, formatChangeInterval } from '../change.ts';
import type { NightRecord, NightScenario, NightTiming } from '../night-record.ts';
import { countOf } from '../quantity.ts';
import { levelText } from '../report/verdict-sentence.ts';
import type { VerdictLook } from '../report/verdict-words.ts';
import { HINT_WORSE, NIGHT_LOOK, NO_VERDICT, NOT_CONFIRMED, VERDICT_LOOK } from '../report/verdict-words.ts';

/** The verdict of one timing of a night: a metric that decides nothing is never red, nor is a regression that was not confirmed. */
export function nightTimingLook(
  timing: NightTiming,
  { verdict }: Pick<NightScenario, 'verdict'>,
): VerdictLook {
  if (verdict === 'not-comparable' || timing.verdict === 'not-comparable')
    return VERDICT_LOOK['not-comparable'];
  if (timing.low === null || timing.high === null) return NO_VERDICT;
  if (timing.verdict === 'inconclusive' && timing.tooNoisy) return NIGHT_LOOK['too-noisy'];
  if (timing.verdict !== 'regressed') return VERDICT_LOOK[timing.verdict];
  if (timing.role === 'exploratory') return HINT_WORSE;
  return verdict === 'regressed' ? VERDICT_LOOK.regressed : NOT_CONFIRMED;
}

/** "+9.8 %", "48× faster", "unchanged". */
export function nightChange({ ratio, unit }: Pick<NightTiming, 'ratio' | 'unit'>): string {
  return ratio === 1 ? 'unchanged' : formatChange(ratio, { unit, higherIsBetter: false });
}

/** "98.8 % interval +6.9 % to +12.4 %", with the level it really has. */
export function nightInterval({ low, high, level, unit }: NightTiming): string {
  if (low === null || high === null || level === null) return 'too few pairs for an interval';
  return `${levelText(level)} interval ${formatChangeInterval(low, high, { unit, higherIsBetter: false })}`;
}

/** "dispatch time +9.8 % (98.8 % interval +6.9 % to +12.4 %, 16 pairs)". */
export function nightTimingSentence(timing: NightTiming): string {
  return `${timing.metric} ${nightChange(timing)} (${nightInterval(timing)}, ${countOf(timing.pairs, 'pair')})`;
}

/** The scenario that the night is judged by: the first of those that have its verdict. */
export function decisiveScenario({ scenarios, verdict }: NightRecord): NightScenario | null {
  return scenarios.find((scenario) => scenario.verdict === verdict) ?? scenarios[0] ?? null;
}

/** The gate metric a scenario is judged by: of those with its verdict the worst, else the worst of all; `null` when none was timed. */
export function decisiveTiming({ timings, verdict }: NightScenario): NightTiming | null {
  const gates = timings.filter(({ role }) => role === 'gate');
  const wanted = verdict === 'too-noisy' ? 'inconclusive' : verdict;
  const deciding = gates.filter(({ verdict: own }) => own === wanted);
  return (deciding.length > 0 ? deciding : gates).toSorted((a, b) => b.ratio - a.ratio)[0] ?? null;
}
