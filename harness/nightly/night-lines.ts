/** What a night says, for the terminal and for logs: the verdict first. Pure. */

import { EXIT, type ExitCode } from '../errors.ts';
import type { NightRecord, NightScenario, NightVerdict } from '../night-record.ts';
import { formatInUnit } from '../quantity.ts';
import { NIGHT_LOOK } from '../report/verdict-words.ts';
import type { repinnedSince } from './pin.ts';
import { commitWords } from './run-night.ts';

const MOST_DIFFERENCES = 6;

export function nightLines(night: NightRecord, repinned: ReturnType<typeof repinnedSince> = null): string[] {
  const sides = `${commitWords(night.reference)} → ${commitWords(night.candidate)}`;
  return [
    `${verdictWord(night.verdict)}  ${night.headline}   ${sides}`,
    ...(repinned
      ? [
          `re-pinned  since ${repinned.night}: ${repinned.differences.join('; ')}; earlier ratios have another reference`,
        ]
      : []),
    ...night.scenarios.flatMap((scenario) => [
      ...(night.scenarios.length > 1
        ? [`${scenario.scenario}  ${verdictWord(scenario.verdict)}  ${scenario.headline}`]
        : []),
      ...evidenceLines(scenario).map((line) => `  ${line}`),
    ]),
  ];
}

function verdictWord(verdict: NightVerdict): string {
  return NIGHT_LOOK[verdict].word.toUpperCase();
}

function evidenceLines({ differences, stored, sinceLastNight, resultId }: NightScenario): string[] {
  const told = differences.slice(0, MOST_DIFFERENCES);
  return [
    ...told.map(({ sentence }) => sentence),
    ...(differences.length > told.length ? [`and ${differences.length - told.length} more differences`] : []),
    ...storedLines(stored),
    ...(sinceLastNight
      ? [
          `since last night (${sinceLastNight.commit.slice(0, 10)}): ${verdictWord(sinceLastNight.verdict)}  ${sinceLastNight.headline}`,
        ]
      : []),
    ...(resultId === null ? [] : [`result ${resultId}`]),
  ];
}

function storedLines({ state, night, reason, changes }: NightScenario['stored']): string[] {
  switch (state) {
    case 'first':
      return ['exact counters: nothing stored to compare with yet'];
    case 'same':
      return [`exact counters: as in ${night}`];
    case 'rebaselined':
      return [`exact counters: not compared with ${night}: ${reason}`];
    case 'changed':
      return [
        `exact counters since ${night}: ${changes
          .map(
            (one) =>
              `${one.metric} ${formatInUnit(one.before, one.unit)} → ${formatInUnit(one.now, one.unit)}`,
          )
          .join(', ')}`,
      ];
  }
}

/** Only a regression that was confirmed fails the gate; what is not decided does so where that is asked for. */
export function nightExit(verdict: NightVerdict, requireVerdict: boolean): ExitCode {
  switch (verdict) {
    case 'regressed':
      return EXIT.thresholdsFailed;
    case 'failed':
      return EXIT.failure;
    case 'not-comparable':
      return EXIT.notComparable;
    case 'too-noisy':
    case 'inconclusive':
      return requireVerdict ? EXIT.thresholdsFailed : EXIT.fine;
    default:
      return EXIT.fine;
  }
}
