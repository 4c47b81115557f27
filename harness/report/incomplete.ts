import { countOf } from '../quantity.ts';
import {
  allRuns,
  completePairs,
  type ExperimentInput,
  plannedPairs,
  type ReportInput,
} from './report-input.ts';

/** "Incomplete: …" for a result that broke off, `null` for a complete one. */
export function incompleteText(input: ReportInput): string | null {
  const record = input.kind === 'run' ? input.run : input.experiment;
  if (record.state === 'complete') return null;
  const failure = record.failure === null ? '' : ` ${sentenceOf(record.failure)}`;
  const state = record.state === 'interrupted' ? 'was interrupted' : 'failed';
  if (input.kind === 'run') return `Incomplete: the run ${state}.${failure}`;
  const done = allRuns(input).filter(({ run }) => run.state === 'complete').length;
  return `Incomplete: the experiment ${state} after ${countOf(done, 'run')} (${partsText(input)}).${failure}`;
}

/** "whole pairs: count 2 of 2, pair 6 of 24"; what of each planned part was done. */
export function partsText(input: ExperimentInput): string {
  const { plan } = input.experiment;
  const parts = plan.parts.map(
    (part) =>
      `${part} ${completePairs(input, part).length} of ${part === 'pair' && plan.looks.length > 1 ? 'at most ' : ''}${plannedPairs(plan, part)}`,
  );
  return `whole pairs: ${parts.join(', ')}`;
}

function sentenceOf(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
