import { formatBytes, formatCount, formatInstant } from '../../quantity.ts';
import type { DatasetIdentity, Environment, RunRecord } from '../../result.ts';
import {
  allRuns,
  datasetOf,
  environmentOf,
  plannedPairs,
  type ReportInput,
  recordOf,
} from '../report-input.ts';
import { type Block, blocks, type Section } from './blocks.ts';

/** On what it was measured. */
export function environmentSection(input: ReportInput): Section {
  const environment = environmentOf(input);
  const dataset = datasetOf(input);
  const found: Block[] = blocks(
    environment === null ? null : { kind: 'facts', facts: environmentFacts(environment) },
    dataset === null ? null : { kind: 'facts', facts: datasetFacts(dataset) },
    differences(input),
  );
  return {
    id: 'environment',
    heading: 'Where it was measured',
    lead: null,
    blocks:
      found.length > 0
        ? found
        : [{ kind: 'missing', text: 'Not recorded: no run got as far as its environment.' }],
  };
}

function environmentFacts({
  tool,
  node,
  os,
  cpuModel,
  cpuCount,
  memoryBytes,
  loadAverage1m,
  postgres,
  generators,
}: Environment) {
  const settings = Object.entries(postgres.settings).map(([name, value]) => `${name} = ${value}`);
  return [
    {
      name: 'Machine',
      value: `${cpuModel}, ${formatCount(cpuCount)} cores, ${formatBytes(memoryBytes)} memory`,
    },
    { name: 'System', value: `${os}, load average ${loadAverage1m} at the start` },
    {
      name: 'PostgreSQL',
      value: `${postgres.version}, ${postgres.embedded ? 'embedded' : 'a server given by URL'}, clones by ${postgres.cloneStrategy}`,
    },
    { name: 'Settings changed', value: settings.length === 0 ? 'none' : settings.join(', ') },
    { name: 'Database size', value: formatBytes(postgres.databaseSizeBytes) },
    { name: 'Node', value: node },
    {
      name: 'Load generators',
      value:
        Object.entries(generators)
          .map(([name, version]) => `${name} ${version}`)
          .join(', ') || 'none',
    },
    { name: 'rushhour', value: `${tool.version}${commitText(tool)}` },
  ];
}

function commitText({ commit, dirty }: Environment['tool']): string {
  if (commit === null) return ', commit not known';
  return `, commit ${commit}${dirty === true ? ' with uncommitted changes' : ''}`;
}

function datasetFacts(dataset: DatasetIdentity) {
  const rows = Object.entries(dataset.rows).map(([name, count]) => `${name} ${formatCount(count)}`);
  return [
    {
      name: 'Dataset',
      value: `${dataset.profile}: ${formatCount(dataset.openBookingsPerDay)} open bookings a company-day, ${formatCount(dataset.driversPerCompany)} drivers a company, ${formatCount(dataset.historyBookings)} history bookings`,
    },
    {
      name: 'Size',
      value: `${formatCount(dataset.companies)} companies, ${formatCount(dataset.openDays)} open days`,
    },
    { name: 'Rows', value: rows.join(', ') },
    { name: 'Random seed', value: String(dataset.randomSeed) },
    { name: 'Digest', value: dataset.digest },
  ];
}

/** Parts of the environment that must be the same in every run, where they are not. */
function differences(input: ReportInput): Block | null {
  const runs = allRuns(input).map(({ run }) => run);
  const parts: [string, (run: RunRecord) => string][] = [
    ['dataset digest', (run) => run.dataset.digest],
    ['PostgreSQL version', (run) => run.environment.postgres.version],
    ['PostgreSQL settings', (run) => run.environment.postgres.settingsHash],
    ['Node version', (run) => run.environment.node],
    ['commit', (run) => String(run.environment.tool.commit)],
  ];
  const unequal = parts.filter(([, of]) => new Set(runs.map(of)).size > 1).map(([name]) => name);
  return unequal.length === 0
    ? null
    : {
        kind: 'missing',
        text: `Not the same in every run: ${unequal.join(', ')}. The facts above are the first run’s.`,
      };
}

/** How to measure it again. */
export function reproduceSection(input: ReportInput): Section {
  const command = reproduceCommand(input);
  const record = recordOf(input);
  const facts = [
    { name: 'Result', value: record.id },
    { name: 'Measured', value: `${formatInstant(record.startedAt)} to ${formatInstant(record.endedAt)}` },
    ...(input.kind === 'run' ? [] : planFacts(input.experiment)),
  ];
  return {
    id: 'reproduce',
    heading: 'Measure it again',
    lead: 'Counters will come out the same; times depend on the machine and on what else it does.',
    blocks: blocks(
      command === null
        ? { kind: 'missing', text: 'No command: without a run the dataset is not known.' }
        : { kind: 'command', text: command },
      { kind: 'facts', facts },
    ),
  };
}

function planFacts({ plan }: Extract<ReportInput, { kind: 'experiment' }>['experiment']) {
  const pairs = [...new Set(plan.slots.map(({ pair }) => pair))].sort((a, b) => a - b);
  const order = pairs.map((pair) => {
    const slots = plan.slots.filter((slot) => slot.pair === pair).sort((a, b) => a.slot - b.slot);
    return `${pair}: ${slots.map(({ variant }) => variant).join(', ')}`;
  });
  return [
    { name: 'Order seed', value: String(plan.randomSeed) },
    { name: 'Order of the pairs', value: order.join('; ') || 'none planned' },
  ];
}

/** The command line that measures the same again; `null` when no run tells the dataset. */
export function reproduceCommand(input: ReportInput): string | null {
  const [first] = allRuns(input);
  if (first === undefined) return null;
  const { run } = first;
  const generators = [
    ...new Set([
      ...run.loads.map(({ report }) => report.generator),
      ...run.skippedLoads.map(({ generator }) => generator),
    ]),
  ];
  const words =
    input.kind === 'run'
      ? ['rushhour run', run.scenario, '--variant', shellWord(run.variant)]
      : [
          'rushhour experiment',
          input.experiment.scenario,
          '--variants',
          shellWord(input.experiment.variants.join(',')),
          '--pairs',
          String(plannedPairs(input.experiment.plan)),
          '--order-seed',
          String(input.experiment.plan.randomSeed),
        ];
  return [
    ...words,
    ...generatorWords(input.kind, generators),
    ...probeWords(run),
    ...factorWords(run),
    ...datasetWords(run.dataset),
  ].join(' ');
}

function generatorWords(kind: ReportInput['kind'], generators: readonly string[]): string[] {
  const [only] = generators;
  if (only === undefined) return kind === 'experiment' ? ['--generator', 'none'] : [];
  return ['--generator', generators.length > 1 ? 'both' : shellWord(only)];
}

function factorWords({ traffic }: RunRecord): string[] {
  return ['--duration-factor', String(traffic.durationFactor), '--rate-factor', String(traffic.rateFactor)];
}

function probeWords({ probe }: RunRecord): string[] {
  return probe === null || probe.dispatches.length === 0 ? [] : ['--probes', String(probe.dispatches.length)];
}

function datasetWords(dataset: DatasetIdentity): string[] {
  const seed = ['--random-seed', String(dataset.randomSeed)];
  if (dataset.profile !== 'custom') return ['--profile', shellWord(dataset.profile), ...seed];
  return [
    ['--bookings', dataset.openBookingsPerDay],
    ['--drivers', dataset.driversPerCompany],
    ['--history', dataset.historyBookings],
    ['--companies', dataset.companies],
    ['--days', dataset.openDays],
  ]
    .flat()
    .map(String)
    .concat(seed);
}

/** A word for a POSIX shell, quoted where it must be. */
function shellWord(text: string): string {
  return /^[\w.,+:/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
