import type { Comparison, ExperimentRecord } from '../experiment-record.ts';
import { countOf, NOT_MEASURED } from '../quantity.ts';
import { exactLine } from './exact-line.ts';
import { decisiveGate, gateTimings, tooNoisyTimings } from './gate.ts';
import { gateRows } from './gate-table.ts';
import { incompleteText } from './incomplete.ts';
import type { KeyFigure } from './key-figure.ts';
import { keyFigures } from './key-figures.ts';
import { loadFigures } from './load-figures.ts';
import { machineLine, timeText } from './machine-line.ts';
import { plainTable } from './plain-table.ts';
import { type ExperimentInput, mainComparison, type ReportInput } from './report-input.ts';
import { capitalised, detectableText, verdictSentence } from './verdict-sentence.ts';
import { comparisonLook, isRefused, NO_VERDICT, neededPairs } from './verdict-words.ts';
import { thresholdVerdict } from './view/thresholds.ts';

const MOST_LINES_OF_A_RUN = 8;
const MOST_DIFFERENCES = 6;

/**
 * What came out, for the terminal, without colour: the verdict first, then what it rests on. An incomplete result says
 * so in its first line.
 */
export function headlineLines(input: ReportInput): string[] {
  const incomplete = incompleteText(input);
  if (input.kind === 'run') {
    return [incomplete ?? runLine(input), ...figureLines(keyFigures(input))].slice(0, MOST_LINES_OF_A_RUN);
  }
  const main = mainComparison(input);
  const others = input.experiment.comparisons.filter((comparison) => comparison !== main);
  return [
    incomplete ?? verdictLine(main, input),
    // Wrong answers are wrong, however far the experiment came.
    ...(incomplete !== null && main !== null && isRefused(main) ? [verdictLine(main, input)] : []),
    ...(main === null ? [] : evidenceLines(main, input)),
    ...others.map((comparison) => verdictLine(comparison, input)),
    ...(main === null ? [] : [machineLine(input)]),
    timeText(input.experiment),
  ];
}

function runLine({ run }: Extract<ReportInput, { kind: 'run' }>): string {
  const verdict = thresholdVerdict(run);
  return `${run.variant} under ${run.scenario}: ${verdict?.sentence ?? 'no thresholds to judge by.'}`;
}

function verdictLine(comparison: Comparison | null, { experiment }: ExperimentInput): string {
  if (comparison === null) return 'NO VERDICT  nothing was compared';
  const look = comparisonLook(comparison, experiment.state);
  const sides = `${comparison.baseline} → ${comparison.candidate}`;
  const why =
    look === NO_VERDICT && experiment.state === 'complete' ? tooFewText(comparison, experiment) : '';
  return `${look.word.toUpperCase()}  ${why}${verdictSentence(comparison, experiment.state)}   ${sides}`;
}

function tooFewText(comparison: Comparison, { plan }: ExperimentRecord): string {
  const gate = decisiveGate(comparison);
  if (gate === null) return 'no metric that decides was measured: ';
  const needed = neededPairs(plan);
  return gate.pairs < needed ? `${countOf(gate.pairs, 'pair')}, at least ${needed} are needed: ` : '';
}

/** Counts, then the metrics that decide, then what neither can show. Times of unequal work are not told. */
function evidenceLines(comparison: Comparison, input: ExperimentInput): string[] {
  const counts = exactLine(comparison);
  const exact = counts === null ? [] : [`exact  ${counts}`];
  if (isRefused(comparison)) return exact;
  const gate = decisiveGate(comparison);
  const power = gate === null ? null : detectableText(gate);
  const noisy = tooNoisyTimings(comparison).map(({ metric }) => metric);
  return [
    ...exact,
    ...(gateTimings(comparison).length === 0 ? differenceLines(comparison) : []),
    ...gateLines(comparison, input),
    ...figureLines(loadFigures(input).filter(({ after }) => after !== null)),
    ...(noisy.length === 0 ? [] : [`too noisy to judge: ${noisy.join(', ')}`]),
    ...(power === null ? [] : [`${gate?.metric}: these pairs ${power}`]),
  ];
}

function differenceLines({ differences }: Comparison): string[] {
  const left = differences.length - MOST_DIFFERENCES;
  const shown = differences.slice(0, MOST_DIFFERENCES).map(({ sentence }) => `  - ${capitalised(sentence)}`);
  return left > 0 ? [...shown, `  - and ${left} more in the report`] : shown;
}

function gateLines(comparison: Comparison, { experiment }: ExperimentInput): string[] {
  const rows = gateRows(comparison, experiment.state);
  if (rows.length === 0) return [];
  const head = ['metric', 'baseline', 'candidate', 'change', 'interval', 'verdict'];
  const cells = rows.map((row) => [
    row.metric,
    row.baseline,
    row.candidate,
    row.change,
    row.interval,
    `${row.look.sign} ${row.look.word} (${row.band})`,
  ]);
  return plainTable([head, ...cells], [1, 2, 3]).map((line) => `  ${line}`);
}

function figureLines(figures: readonly KeyFigure[]): string[] {
  const labelLetters = Math.max(0, ...figures.map(({ label }) => label.length));
  return figures.map(({ label, before, after, change, interval, missing }) => {
    const name = `  ${label.padEnd(labelLetters)}`;
    if (after === null) return `${name}  ${NOT_MEASURED} (${missing})`;
    const values = before === null ? after : `${before} → ${after}`;
    const certainty = [change, interval].filter((part) => part !== null).join(', ');
    return `${name}  ${values}${certainty === '' ? '' : `  ${certainty}`}`;
  });
}
