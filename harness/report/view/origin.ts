import { formatBytes, formatCount } from '../../quantity.ts';
import type { DatasetIdentity, Environment, RunRecord } from '../../result.ts';
import { thinnedText } from '../../store/thinned-samples.ts';
import { namedSize } from '../dataset-size.ts';
import { allRuns, datasetOf, environmentOf, type ReportInput } from '../report-input.ts';
import { capitalised } from '../verdict-sentence.ts';
import { type Block, blocks, type Section } from './blocks.ts';

/** On what it was measured. */
export function environmentSection(input: ReportInput): Section {
  const environment = environmentOf(input);
  const dataset = datasetOf(input);
  const found: Block[] = blocks(
    environment === null ? null : { kind: 'facts', facts: environmentFacts(environment) },
    dataset === null ? null : { kind: 'facts', facts: datasetFacts(dataset) },
    differences(input),
    thinned(input),
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

/** Machine, system, server and versions. */
export function environmentFacts({
  target,
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
    ...targetFacts(target),
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

/** Only of a target that a config describes: the reference target is that of the commit of rushhour. */
function targetFacts(target: Environment['target']) {
  if (target === undefined || target.configDigest === null) return [];
  const built = target.sourceCommit === null ? '' : `, built from commit ${target.sourceCommit}`;
  return [{ name: 'Target', value: `${target.name}, config ${target.configDigest.slice(0, 12)}${built}` }];
}

function commitText({ commit, dirty }: Environment['tool']): string {
  if (commit === null) return ', commit not known';
  return `, commit ${commit}${dirty === true ? ' with uncommitted changes' : ''}`;
}

function known(count: number | null, of: string): string[] {
  return count === null ? [] : [`${formatCount(count)} ${of}`];
}

/** What a dataset holds, and what identifies it. */
export function datasetFacts(dataset: DatasetIdentity) {
  const rows = Object.entries(dataset.rows).map(([name, count]) => `${name} ${formatCount(count)}`);
  return [
    {
      name: 'Dataset',
      value: namedSize(dataset.profile, [
        ...known(dataset.openBookingsPerDay, 'open bookings a company and day'),
        ...known(dataset.driversPerCompany, 'drivers a company'),
        ...known(dataset.historyBookings, 'history bookings'),
      ]),
    },
    ...(dataset.companies === null && dataset.openDays === null
      ? []
      : [
          {
            name: 'Size',
            value: [...known(dataset.companies, 'companies'), ...known(dataset.openDays, 'open days')].join(
              ', ',
            ),
          },
        ]),
    { name: 'Rows', value: rows.join(', ') },
    { name: 'Random seed', value: String(dataset.randomSeed) },
    { name: 'Digest', value: dataset.digest },
  ];
}

/** The figures come from the records, which stay. */
function thinned(input: ReportInput): Block | null {
  return input.kind === 'experiment' && input.thinned !== undefined
    ? {
        kind: 'missing',
        text: `${capitalised(thinnedText(input.thinned))}. Every figure here is of the records.`,
      }
    : null;
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
