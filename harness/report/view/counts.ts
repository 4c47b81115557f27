import type { Comparison } from '../../experiment-record.ts';
import type { Chart } from '../charts/chart.ts';
import { type ExperimentInput, groupsWith, mainVariants, variantRuns } from '../report-input.ts';
import { pairedStatements, statementsPerDispatch } from '../statement-costs.ts';
import { capitalised } from '../verdict-sentence.ts';
import { type Block, blocks, type Section } from './blocks.ts';
import { pairedStatementTable } from './statement-tables.ts';

/** What the exact counts of the variants differ in, by statement and index. */
export function countsSection(input: ExperimentInput, charts: readonly Chart[]): Section {
  const counted = input.experiment.comparisons.filter(({ exact }) => exact.length > 0);
  const found = blocks(
    counted.map((comparison) => differencesBlock(comparison, counted.length > 1)),
    charts.map((chart): Block => ({ kind: 'chart', chart })),
    statementBlock(input),
  );
  return {
    id: 'counts',
    heading: 'What the counts say',
    lead: null,
    blocks: found.length > 0 ? found : [{ kind: 'missing', text: missingCounts(input) }],
  };
}

function differencesBlock({ baseline, candidate, differences }: Comparison, named: boolean): Block {
  const prefix = named ? `${candidate} against ${baseline}: ` : '';
  if (differences.length === 0) {
    return { kind: 'paragraph', text: `${prefix}No statement and no index differs in its counts.` };
  }
  return {
    kind: 'bullets',
    items: differences.map(({ sentence }) => `${prefix}${named ? sentence : capitalised(sentence)}`),
  };
}

function statementBlock(input: ExperimentInput): Block | null {
  const main = mainVariants(input);
  if (main === null) return null;
  const groups = groupsWith(variantRuns(input), 'probe');
  const [before, after] = [main.baseline, main.candidate].map((name) =>
    groups.find(({ variant }) => variant === name),
  );
  if (before === undefined || after === undefined) return null;
  return pairedStatementTable(
    pairedStatements(statementsPerDispatch(before), statementsPerDispatch(after)),
    main,
  );
}

function missingCounts({ runs, experiment }: ExperimentInput): string {
  if (runs.length === 0) return 'Not measured: no run was completed.';
  return experiment.plan.parts.includes('count')
    ? 'Not measured: no dispatch was counted on both sides.'
    : 'Not measured: exact counts were not part of the plan.';
}
