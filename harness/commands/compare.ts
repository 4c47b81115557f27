import type { Argv, CommandModule } from 'yargs';
import { OPTIONS, resultsFolder } from '../config/options.ts';
import { EXIT, HarnessError } from '../errors.ts';
import { compareRuns } from '../experiment/compare-runs.ts';
import type { Comparison } from '../experiment-record.ts';
import type { RunRecord } from '../result.ts';
import { readResult } from '../store/read-results.ts';
import { type CommandContext, printJson } from './command-context.ts';

interface CompareArguments {
  readonly a: string;
  readonly b: string;
  readonly results: string;
  readonly json: boolean;
}

/** `rushhour compare`: two stored runs. Counters are exact; two single runs prove nothing about time, and it says so. */
export function compareCommand(context: CommandContext): CommandModule<object, CompareArguments> {
  return {
    command: 'compare <a> <b>',
    describe: 'Compare two stored runs: exact counters, and times without a verdict',
    builder: (line: Argv) =>
      line
        .positional('a', {
          type: 'string',
          demandOption: true,
          describe: 'The earlier run: id, beginning of one, or folder',
        })
        .positional('b', { type: 'string', demandOption: true, describe: 'The later run' })
        .options({ results: OPTIONS.results, json: OPTIONS.json })
        .example(
          '$0 compare 20261122-2315 last',
          'an earlier run and the newest one',
        ) as unknown as Argv<CompareArguments>,
    handler: async (args) => {
      const root = resultsFolder(args.results);
      const [baseline, candidate] = [await readRun(root, args.a), await readRun(root, args.b)];
      const names = { baseline: baseline.id, candidate: candidate.id };
      const comparison = compareRuns(names, [{ baseline, candidate }]);
      if (args.json) printJson(context, comparison);
      else for (const line of describeComparison(comparison)) context.print(line);
      if (comparison.refusals.length > 0) context.exitCode = EXIT.notComparable;
    },
  };
}

async function readRun(root: string, reference: string): Promise<RunRecord> {
  const result = await readResult(root, reference);
  if (result.kind === 'run') return result.run;
  throw new HarnessError(
    'BAD_OPTION',
    `${result.id} is an experiment, which holds its own comparison; expected a run.`,
    {
      hint: `\`rushhour report ${result.id}\` shows it. One of its runs is ${result.folder}/${result.experiment.runs[0]?.folder ?? 'runs/…'}`,
    },
  );
}

/** The comparison as aligned lines of plain text. */
function describeComparison(comparison: Comparison): string[] {
  if (comparison.refusals.length > 0) {
    return ['Not comparable:', ...comparison.refusals.map((refusal) => `  - ${refusal}`)];
  }
  const number = (value: number) => (Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(2));
  const rows = comparison.exact.map((one) => [
    one.metric,
    number(one.baseline),
    number(one.candidate),
    one.baseline === one.candidate ? 'equal' : change(one.candidate / one.baseline),
  ]);
  const times = comparison.timings.map((one) => [
    `${one.metric} (${one.unit})`,
    number(one.baselineMedian),
    number(one.candidateMedian),
    `${change(one.ratio)}, no verdict`,
  ]);
  const width = Math.max(...[...rows, ...times].map((row) => row[0]?.length ?? 0));
  const format = ([name, a, b, note]: string[]) =>
    `  ${name?.padEnd(width)} ${a?.padStart(14)} ${b?.padStart(14)}   ${note}`;
  return [
    `${comparison.baseline} → ${comparison.candidate}`,
    'Exact counters, of dispatches alone:',
    ...rows.map(format),
    'Times, of one run each: a difference here may be chance. `rushhour experiment` gives verdicts.',
    ...times.map(format),
  ];
}

function change(ratio: number): string {
  return `${ratio >= 1 ? '+' : '−'}${Math.abs((ratio - 1) * 100).toFixed(1)} %`;
}
