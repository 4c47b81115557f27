import { countOf, formatBytes, formatCount, formatShare, NOT_MEASURED } from '../../quantity.ts';
import type { DatabaseLoad } from '../../result.ts';
import { median } from '../dispatch-summary.ts';
import { type GeneratorName, generatorsOf, loadsBy, type PlacedLoad, sumOf } from '../load-summary.ts';
import {
  allRuns,
  completePairs,
  plannedPairs,
  type ReportInput,
  type VariantRuns,
  variantRuns,
} from '../report-input.ts';
import { blocks, type Section, type Table, table, variantCell } from './blocks.ts';

/** What could make the numbers wrong: errors, dropped arrivals, unequal work, warnings, and what was not measured. */
export function validitySection(input: ReportInput): Section {
  const groups = variantRuns(input).filter(({ runs }) => runs.length > 0);
  const generators = generatorsOf(groups).map(({ name }) => name);
  const remarks = [
    ...equalWork(input),
    ...probeRemarks(input),
    ...unusedRuns(input),
    ...skipped(input),
    ...warnings(input),
  ];
  return {
    id: 'validity',
    heading: 'Can the numbers be trusted?',
    lead: null,
    blocks: blocks(
      remarks.length === 0 ? null : { kind: 'bullets', items: remarks },
      faultTable(groups, generators) ?? {
        kind: 'missing',
        text: 'No load was run, so there are no errors or dropped arrivals to report.',
      },
      cpuTable(groups, generators),
      databaseTable(groups, generators),
    ),
  };
}

function equalWork(input: ReportInput): string[] {
  if (input.kind === 'run') {
    const { outcome } = input.run;
    return outcome === null
      ? ['What was written was not checked: the run has no outcome.']
      : [
          `Written and checked: ${countOf(outcome.assignments, 'assignment')} over ${countOf(outcome.companyDays.length, 'company-day')}.`,
        ];
  }
  return input.experiment.comparisons.flatMap(({ baseline, candidate, equalOutcome, refusals }) => [
    ...refusals.map((refusal) => `Not comparable, ${candidate} against ${baseline}: ${refusal}`),
    equalOutcome === null
      ? `Whether ${candidate} and ${baseline} wrote the same assignments was not checked.`
      : equalOutcome
        ? `${candidate} and ${baseline} wrote the same assignments, statuses and response shapes in every pair.`
        : `${candidate} and ${baseline} did not write the same: a faster wrong answer is a failure.`,
  ]);
}

function probeRemarks(input: ReportInput): string[] {
  const contaminated = allRuns(input).filter(({ run }) => run.probe?.contaminated === true).length;
  const remarks =
    contaminated === 0
      ? []
      : [
          `Something else used the database before the probe of ${countOf(contaminated, 'run')}: counts may be too high.`,
        ];
  if (input.kind === 'run') return remarks;
  const { plan, loadShare } = input.experiment;
  return [
    ...remarks,
    `${completePairs(input).length} of ${countOf(plannedPairs(plan), 'planned pair')} are whole; ${formatShare(loadShare)} of the time was spent under load or probing.`,
  ];
}

function unusedRuns(input: ReportInput): string[] {
  return allRuns(input).flatMap(({ pair, slot, variant, run }) => {
    if (run.state === 'complete' || pair === null) return [];
    const failure = run.failure === null ? '' : `: ${run.failure}`;
    return [
      `Pair ${pair}, slot ${slot} (${variant}) ${run.state === 'failed' ? 'failed' : 'was interrupted'} and is not used${failure}`,
    ];
  });
}

function skipped(input: ReportInput): string[] {
  const reasons = allRuns(input).flatMap(({ run }) => run.skippedLoads);
  return withCounts(reasons.map(({ generator, reason }) => `Skipped: ${generator}, ${reason}`));
}

function warnings(input: ReportInput): string[] {
  const runs = allRuns(input).map(({ run }) => run);
  return withCounts([
    ...(input.kind === 'run' ? [] : input.experiment.warnings),
    ...(input.kind === 'run'
      ? []
      : input.experiment.comparisons.flatMap((comparison) => comparison.warnings)),
    ...runs.flatMap((run) => run.warnings),
    ...runs.flatMap((run) =>
      run.loads.flatMap(({ report }) => report.warnings.map((warning) => `${report.generator}: ${warning}`)),
    ),
  ]);
}

/** Equal remarks once, with the number of times they were made. */
function withCounts(remarks: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const remark of remarks) counts.set(remark, (counts.get(remark) ?? 0) + 1);
  return [...counts].map(([remark, count]) => (count === 1 ? remark : `${remark} (${count} times)`));
}

function eachLoad<Row>(
  groups: readonly VariantRuns[],
  generators: readonly GeneratorName[],
  row: (variant: string, generator: GeneratorName, loads: PlacedLoad[]) => Row,
): Row[] {
  return generators.flatMap((generator) =>
    groups.flatMap((group) => {
      const loads = loadsBy(group, generator);
      return loads.length === 0 ? [] : [row(group.variant, generator, loads)];
    }),
  );
}

function faultTable(groups: readonly VariantRuns[], generators: readonly GeneratorName[]): Table | null {
  const fields = [
    'requests',
    'errors',
    'droppedIterations',
    'interruptedIterations',
    'exceptions',
    'mismatches',
  ] as const;
  return table(
    'What went wrong under load, over all runs',
    ['Variant', 'Generator', 'Requests', 'Errors', 'Dropped', 'Interrupted', 'Exceptions', 'Wrong answers'],
    eachLoad(groups, generators, (variant, generator, loads) => [
      variantCell(variant),
      generator,
      ...fields.map((field) => formatCount(sumOf(loads, ({ load }) => load.report[field]))),
    ]),
    {
      numericFrom: 2,
      note: 'Dropped: arrivals that found no free place. Above 0 the latencies are censored.',
    },
  );
}

function cpuTable(groups: readonly VariantRuns[], generators: readonly GeneratorName[]): Table | null {
  const fields = ['postgresMs', 'serviceMs', 'generatorMs', 'harnessMs'] as const;
  return table(
    'Processor time under load, as a share of one core',
    ['Variant', 'Generator', 'PostgreSQL', 'Service', 'Load generator', 'Harness', 'Machine busy', 'Stolen'],
    eachLoad(groups, generators, (variant, generator, loads) => {
      const share = (of: (load: PlacedLoad['load']) => number | null) => {
        const values = loads.flatMap(({ load }) => of(load) ?? []);
        const middle = median(values);
        return middle === null ? NOT_MEASURED : formatShare(middle);
      };
      return [
        variantCell(variant),
        generator,
        ...fields.map((field) =>
          share(({ cpu }) => (cpu[field] === null || cpu.wallMs === 0 ? null : cpu[field] / cpu.wallMs)),
        ),
        share(({ cpu }) => cpu.machineBusyRatio),
        share(({ cpu }) => cpu.stealRatio),
      ];
    }),
    {
      numericFrom: 2,
      note: 'Medians over the runs. Busy and stolen are shares of all cores, whoever used them.',
    },
  );
}

function databaseTable(groups: readonly VariantRuns[], generators: readonly GeneratorName[]): Table | null {
  const counts = [
    'queries',
    'transactions',
    'rowsReturned',
    'deadlocks',
    'checkpoints',
    'autovacuums',
  ] as const;
  return table(
    'The database under load, in one run',
    [
      'Variant',
      'Generator',
      'Queries',
      'Transactions',
      'Rows',
      'Deadlocks',
      'Checkpoints',
      'Autovacuums',
      'WAL',
      'Temporary files',
    ],
    eachLoad(groups, generators, (variant, generator, loads) => {
      const middle = (field: keyof DatabaseLoad, format: (value: number) => string) => {
        const value = median(
          loads.flatMap(({ load }) => (load.database?.[field] as number | null | undefined) ?? []),
        );
        return value === null ? NOT_MEASURED : format(value);
      };
      return [
        variantCell(variant),
        generator,
        ...counts.map((field) => middle(field, formatCount)),
        middle('walBytes', formatBytes),
        middle('temporaryBytes', formatBytes),
      ];
    }),
    { numericFrom: 2, note: 'Medians over the runs.' },
  );
}
