import type { Comparison } from '../experiment-record.ts';
import { countOf, NOT_MEASURED } from '../quantity.ts';
import { MINIMUM_PAIRS } from '../statistics/verdict.ts';
import { type KeyFigure, keyFigures } from './key-figures.ts';
import { allRuns, completePairs, mainComparison, type ReportInput } from './report-input.ts';
import { comparisonLook, NO_VERDICT } from './verdict-words.ts';
import { thresholdVerdict } from './view/thresholds.ts';

const MOST_LINES = 8;

/**
 * What came out, for the terminal: the verdict, then one line a figure, at most eight lines, without colour. An
 * incomplete result says so in its first line.
 */
export function headlineLines(input: ReportInput): string[] {
  const figures = keyFigures(input);
  const labelLetters = Math.max(...figures.map(({ label }) => label.length));
  const lines = figures.map((figure) => figureLine(figure, labelLetters));
  return [firstLine(input), ...lines].slice(0, MOST_LINES);
}

function firstLine(input: ReportInput): string {
  return incompleteText(input) ?? (input.kind === 'run' ? runLine(input) : verdictLine(input));
}

function runLine({ run }: Extract<ReportInput, { kind: 'run' }>): string {
  const verdict = thresholdVerdict(run);
  return `${run.variant} under ${run.scenario}: ${verdict?.sentence ?? 'no thresholds to judge by.'}`;
}

function verdictLine(input: Extract<ReportInput, { kind: 'experiment' }>): string {
  const comparison = mainComparison(input);
  if (comparison === null) return 'No verdict: nothing was compared.';
  const look = comparisonLook(comparison, input.experiment.state);
  const sentence = verdictSentence(comparison);
  if (look !== NO_VERDICT) return `${look.word[0]?.toUpperCase()}${look.word.slice(1)}: ${sentence}`;
  return `No verdict (${countOf(pairsOf(comparison), 'pair')}, at least ${MINIMUM_PAIRS} are needed): ${sentence}`;
}

/** Pairs the timings of a comparison rest on. */
export function pairsOf(comparison: Comparison): number {
  return Math.max(0, ...comparison.timings.map(({ pairs }) => pairs));
}

/** The record's headline as a sentence of its own. */
export function verdictSentence(comparison: Comparison): string {
  const sentence = comparison.headline;
  return sentence === '' ? '' : `${sentence[0]?.toUpperCase()}${sentence.slice(1)}`;
}

/** "Incomplete: …" for a result that broke off, `null` for a complete one. */
export function incompleteText(input: ReportInput): string | null {
  const record = input.kind === 'run' ? input.run : input.experiment;
  if (record.state === 'complete') return null;
  const failure = record.failure === null ? '' : ` ${sentenceOf(record.failure)}`;
  if (input.kind === 'run') return `Incomplete: the run ${stateWords(record.state)}.${failure}`;
  const planned = input.experiment.plan.slots.length;
  const done = allRuns(input).filter(({ run }) => run.state === 'complete').length;
  const pairs = completePairs(input).length;
  return `Incomplete: the experiment ${stateWords(record.state)} after ${done} of ${planned} planned runs, ${countOf(pairs, 'whole pair')}.${failure}`;
}

function stateWords(state: 'interrupted' | 'failed'): string {
  return state === 'interrupted' ? 'was interrupted' : 'failed';
}

function sentenceOf(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}

function figureLine(
  { label, before, after, change, interval, missing }: KeyFigure,
  labelLetters: number,
): string {
  const name = label.padEnd(labelLetters);
  if (after === null) return `  ${name}  ${NOT_MEASURED} (${missing})`;
  const values = before === null ? after : `${before} → ${after}`;
  const certainty = [change, interval].filter((part) => part !== null).join(', ');
  return `  ${name}  ${values}${certainty === '' ? '' : `  ${certainty}`}`;
}
