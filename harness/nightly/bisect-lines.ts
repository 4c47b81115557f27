/** What a bisection says, for the terminal: the commit first. Pure. */
import { formatInstant } from '../quantity.ts';
import type { BisectOutcome, BisectStep } from './bisect.ts';
import type { Finding } from './bisection.ts';
import type { CommitDescription } from './commit-line.ts';

const FINDING_WORD: Readonly<Record<Finding, string>> = {
  unchanged: 'as the good one',
  changed: 'changed',
  skipped: 'skipped',
  undecided: 'not decided',
};

/** @param suspects the commit that did it, or those of which one did, oldest first */
export function bisectLines(outcome: BisectOutcome, suspects: readonly CommitDescription[]): string[] {
  return [...endLines(outcome, suspects), '', ...outcome.steps.map(stepLine)];
}

function endLines({ change, ended, steps }: BisectOutcome, suspects: readonly CommitDescription[]): string[] {
  const what = change?.direction === 'better' ? 'better' : 'worse';
  switch (ended.end) {
    case 'found': {
      const words = steps.find(({ commit }) => commit === ended.commit)?.words ?? '';
      return [`The first that is ${what}: ${words}`, ...suspects.map(commitLine)];
    }
    case 'range':
      return [
        `One of these ${suspects.length} is the first that is ${what}; those before the last could not be decided:`,
        ...suspects.map(commitLine),
      ];
    case 'no-change':
      return [
        'No difference: good and bad were shown to be equal in what decides, so there is no commit to name.',
      ];
    case 'stopped':
      return [
        `Stopped: ${ended.reason}. No commit is to blame for that; begin again where it holds still. One of these ${suspects.length} is the first that is ${what}:`,
        ...suspects.map(commitLine),
      ];
    case 'undecided':
      return [`Nothing to look for: no difference between good and bad could be shown. ${ended.reason}`];
  }
}

function commitLine({ commit, subject, author, date }: CommitDescription): string {
  return `  ${commit}  ${subject}  (${author}, ${formatInstant(date)})`;
}

function stepLine({ commit, finding, words }: BisectStep): string {
  return `${commit.slice(0, 10)}  ${FINDING_WORD[finding]}: ${words}`;
}
