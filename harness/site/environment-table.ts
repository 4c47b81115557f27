import { formatBytes, formatInstant } from '../quantity.ts';
import { escapeHtml } from '../report/escape.ts';
import type { RunRecord } from '../result.ts';
import type { StoredRuns } from '../store/read-results.ts';

/** What one thing was on either side. */
export interface EnvironmentRow {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly differs: boolean;
}

const NOT_KNOWN = 'not known';
/** Records hold the settings that differ from the default of the server. */
const SETTING = 'setting ';

/** Everything that was the same or another, in the order of machine, tool, server, data, traffic. Pure. */
export function environmentRows(a: StoredRuns, b: StoredRuns): EnvironmentRow[] {
  const [left, right] = [factsOf(a), factsOf(b)];
  return [...new Set([...left.keys(), ...right.keys()])].map((name) => {
    const absent = name.startsWith(SETTING) ? 'default of the server' : NOT_KNOWN;
    const [one, other] = [left.get(name) ?? absent, right.get(name) ?? absent];
    return { name, a: one, b: other, differs: one !== other };
  });
}

/** What differs, marked by a sign and a word since colour is never alone; what is equal is folded. */
export function environmentTable(a: StoredRuns, b: StoredRuns): string {
  const rows = environmentRows(a, b);
  const differing = rows.filter((row) => row.differs);
  const equal = rows.filter((row) => !row.differs);
  const caption = `${differing.length} of ${rows.length} facts differ, marked with ≠`;
  return `${differing.length === 0 ? '<p>Nothing differs.</p>' : tableOf([a, b], differing, caption)}
<details><summary>${equal.length} facts are equal</summary>${tableOf([a, b], equal, 'Equal in both')}</details>`;
}

function tableOf(results: readonly StoredRuns[], rows: readonly EnvironmentRow[], caption: string): string {
  const body = rows.map(
    ({ name, a, b, differs }) =>
      `<tr${differs ? ' class="differs"' : ''}><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(a)}</td><td>${escapeHtml(b)}</td><td>${differs ? '≠<span class="quiet"> differs</span>' : '=<span class="quiet"> equal</span>'}</td></tr>`,
  );
  return `<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table class="environment"><caption><span>${caption}</span></caption>
<thead><tr><th scope="col">what</th>${results.map(({ id }) => `<th scope="col">${escapeHtml(id)}</th>`).join('')}<th scope="col"><span class="quiet">equal?</span></th></tr></thead>
<tbody>${body.join('\n')}</tbody></table></div>`;
}

/** An experiment has one environment: that of its first run. */
function factsOf(result: StoredRuns): Map<string, string> {
  const run = result.kind === 'run' ? result.run : result.runs[0]?.run;
  const whole = result.kind === 'run' ? result.run : result.experiment;
  return new Map([
    ['kind', result.kind],
    ['started', formatInstant(whole.startedAt)],
    ['state', whole.state],
    ['scenario', whole.scenario],
    ['variants', result.kind === 'run' ? result.run.variant : result.experiment.variants.join(', ')],
    ...(run === undefined ? [] : environmentFacts(run)),
  ]);
}

function environmentFacts({ environment, dataset, traffic }: RunRecord): [string, string][] {
  const { postgres, tool } = environment;
  const known = (value: string | number | null | undefined) => String(value ?? NOT_KNOWN);
  return [
    ['target', environment.target?.name ?? 'reference'],
    ['built from commit', known(environment.target?.sourceCommit)],
    ['machine', environment.machine],
    ['processor', `${environment.cpuCount} × ${environment.cpuModel}`],
    ['memory', formatBytes(environment.memoryBytes)],
    ['scaling governor', known(environment.cpuGovernor)],
    ['system', environment.os],
    ['Node', environment.node],
    ['rushhour', tool.version],
    ['commit of rushhour', known(tool.commit)],
    [
      'changes in no commit',
      tool.dirty === null || tool.dirty === undefined ? NOT_KNOWN : tool.dirty ? 'yes' : 'no',
    ],
    ['lockfile', known(tool.lockfileHash)],
    ['PostgreSQL', `${postgres.version}${postgres.embedded ? ', embedded' : ''}`],
    ['settings of PostgreSQL', postgres.settingsHash],
    ...Object.entries(postgres.settings).map(([name, value]): [string, string] => [
      `${SETTING}${name}`,
      value,
    ]),
    ['schema', postgres.schemaHash],
    ['indexes', postgres.indexes.toSorted().join(', ')],
    ['dataset', `${dataset.profile}, random seed ${dataset.randomSeed}`],
    ['dataset digest', dataset.digest],
    ['seed of the traffic', known(traffic.randomSeed)],
    ['length of the load', `× ${traffic.durationFactor}`],
    ['rate of the load', `× ${traffic.rateFactor}`],
    ...Object.entries(environment.generators).map(([name, version]): [string, string] => [name, version]),
  ];
}
