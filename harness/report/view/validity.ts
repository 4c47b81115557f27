import { countOf } from '../../quantity.ts';
import { partsText } from '../incomplete.ts';
import { generatorsOf } from '../load-summary.ts';
import { falseAlarmText, timeText } from '../machine-line.ts';
import { allRuns, type ReportInput, variantRuns } from '../report-input.ts';
import { capitalised } from '../verdict-sentence.ts';
import { blocks, type Section } from './blocks.ts';
import { diagnosticRemarks, diagnosticTable } from './diagnostics.ts';
import { cpuTable, databaseTable, faultTable } from './load-conditions.ts';

/** What could make the numbers wrong: errors, dropped arrivals, unequal work, warnings, and what was not measured. */
export function validitySection(input: ReportInput): Section {
  const groups = variantRuns(input).filter(({ runs }) => runs.length > 0);
  const generators = generatorsOf(groups).map(({ name }) => name);
  const remarks = [
    ...equalWork(input),
    ...probeRemarks(input),
    ...planRemarks(input),
    ...diagnosticRemarks(input),
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
      diagnosticTable(input),
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
          `Written and checked: ${countOf(outcome.assignments, 'assignment')} over ${countOf(outcome.companyDays.length, 'offer')}.`,
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
  return contaminated === 0
    ? []
    : [
        `Something else used the database before the probe of ${countOf(contaminated, 'run')}: counts may be too high.`,
      ];
}

/** How much of the plan was done, in how many sittings, and which pairs had to be measured again. */
function planRemarks(input: ReportInput): string[] {
  if (input.kind === 'run') return [];
  const { experiment } = input;
  const stopped = experiment.comparisons.flatMap(({ family: { look } }) => look ?? []);
  const early = stopped.find((look) => look.number < look.of);
  return [
    `${capitalised(partsText(input))}.${early === undefined ? '' : ` Every metric was decided at look ${early.number} of ${early.of}, so no more pairs were needed.`}`,
    `${capitalised(timeText(experiment))}.`,
    `${capitalised(falseAlarmText(experiment.falseAlarms))}.`,
    ...experiment.invalidPairs.map(
      ({ part, pair, cause }) => `Pair ${pair} of part ${part} was measured again: ${cause}`,
    ),
  ];
}

function unusedRuns(input: ReportInput): string[] {
  return allRuns(input).flatMap(({ part, pair, slot, variant, run }) => {
    if (run.state === 'complete' || pair === null) return [];
    const failure = run.failure === null ? '' : `: ${run.failure}`;
    return [
      `Part ${part}, pair ${pair}, slot ${slot} (${variant}) ${run.state === 'failed' ? 'failed' : 'was interrupted'} and is not used${failure}`,
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
