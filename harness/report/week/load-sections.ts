import { formatCount, formatDuration, formatRate, formatShare } from '../../quantity.ts';
import type { LoadTestFact } from '../../week-record.ts';
import type { Chart } from '../charts/chart.ts';
import {
  type Block,
  blocks,
  type Cell,
  type Section,
  type Table,
  table,
  variantCell,
} from '../view/blocks.ts';
import { inUnit, thresholdLook } from '../view/thresholds.ts';
import { section } from './week-section.ts';
import { runSides } from './week-sides.ts';
import { loadDatasetText } from './week-words.ts';

const WORDS = {
  load: { heading: 'Load test', missing: 'The load test was not run.' },
  stress: { heading: 'Stress test', missing: 'The stress test was not run.' },
} as const;

/** One test under load: its charts, the runs, the endpoints and the thresholds. */
export function loadSection(
  id: keyof typeof WORDS,
  fact: LoadTestFact | null,
  charts: readonly Chart[],
): Section {
  const { heading, missing } = WORDS[id];
  const drawn: Block[] = charts.map((chart) => ({ kind: 'chart', chart }));
  return section(id, heading, {
    lead: fact === null ? null : `Scenario ${fact.scenario}: ${loadDatasetText(fact)}.`,
    blocks:
      fact === null
        ? []
        : blocks(
            drawn,
            runTable(fact),
            endpointTables(fact),
            limitTable(fact),
            skippedBlock(fact),
            reportLinks(fact),
          ),
    missing,
  });
}

function runTable({ runs, scenario }: LoadTestFact): Table | null {
  return table(
    `The runs of the ${scenario} test`,
    [
      'Variant',
      'Generator',
      'Requests',
      'Failed',
      'Dropped',
      'Throughput',
      'Dispatches',
      'Median of a dispatch',
    ],
    runs.map((run) => [
      variantCell(run.variant),
      run.generator,
      formatCount(run.requests),
      formatShare(run.errorRatio),
      formatCount(run.droppedIterations),
      formatRate(run.throughputPerSecond),
      `${formatCount(run.dispatches.completed)} of ${formatCount(run.dispatches.started)}`,
      durationOr(run.dispatches.p50Ms),
    ]),
    {
      numericFrom: 2,
      note: 'Dropped: arrivals that found nobody free to send them; with any, latency is censored. Dispatches: completed of those started.',
    },
  );
}

function endpointTables(fact: LoadTestFact): Table[] {
  return runSides(fact).flatMap(({ generator, before, after }) => {
    const names = [...(before === null ? [] : [before.variant]), after.variant].join(' → ');
    const found = table(
      `Latency by endpoint, ${names} (${generator})`,
      ['Endpoint', 'Requests', 'Median', 'p95'],
      after.endpoints.map((endpoint) => endpointRow(endpoint, before)),
      { folded: true, note: 'One run of each, so a small difference may be chance.' },
    );
    return found === null ? [] : [found];
  });
}

type Run = LoadTestFact['runs'][number];

function endpointRow(after: Run['endpoints'][number], run: Run | null): Cell[] {
  const before = run?.endpoints.find(({ endpoint }) => endpoint === after.endpoint);
  const sides = (say: (one: typeof after) => string) =>
    run === null ? say(after) : `${before === undefined ? '–' : say(before)} → ${say(after)}`;
  return [
    { kind: 'code', text: after.endpoint },
    sides(({ requests }) => formatCount(requests)),
    sides(({ p50Ms }) => durationOr(p50Ms)),
    sides(({ p95Ms }) => durationOr(p95Ms)),
  ];
}

/** The whole report of each run. */
function reportLinks({ runs }: LoadTestFact): Block | null {
  const folders = [...new Map(runs.map(({ variant, folder }) => [folder, variant]))];
  const links = folders.map(([folder, variant]) => ({
    text: `The run of ${variant}`,
    file: `../${folder}/report/report.md`,
  }));
  return links.length === 0 ? null : { kind: 'links', links };
}

function limitTable({ runs }: LoadTestFact): Table | null {
  return table(
    'Thresholds',
    ['Threshold', 'Variant', 'Generator', 'Limit', 'Measured', 'Result'],
    runs.flatMap(({ variant, generator, thresholds }) =>
      thresholds.map(({ name, unit, limit, measured, passed }) => [
        name,
        variantCell(variant),
        generator,
        `≤ ${inUnit(limit, unit)}`,
        measured === null ? 'nothing to judge' : inUnit(measured, unit),
        { kind: 'verdict', look: thresholdLook(passed), note: null } as const,
      ]),
    ),
    { numericFrom: 3, textColumns: [5] },
  );
}

function skippedBlock({ skipped }: LoadTestFact): Block | null {
  return skipped.length === 0
    ? null
    : {
        kind: 'missing',
        text: `Not run: ${skipped.map(({ generator, reason }) => `${generator} (${reason})`).join('; ')}`,
      };
}

function durationOr(ms: number | null): string {
  return ms === null ? '–' : formatDuration(ms);
}
