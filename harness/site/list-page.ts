/** The page of all results: whole as HTML, so that it can be read without script. Pure. */
import { countOf, formatInstant } from '../quantity.ts';
import { escapeHtml } from '../report/escape.ts';
import { themedColour } from '../report/inline-svg.ts';
import type { SiteResult } from './list-results.ts';
import type { ListedState, ListedVerdict } from './listed-result.ts';
import { hrefFrom, sitePage } from './page-shell.ts';
import { RESULTS_DATA } from './results-data.ts';

const PATH = 'index.html';

/** The members of a result that the list can be narrowed by, with the word before the choice. */
const FILTERS = [
  { name: 'kind', label: 'Kind', of: ({ kind }: SiteResult) => [kind] },
  { name: 'scenario', label: 'Scenario', of: ({ scenario }: SiteResult) => [scenario] },
  { name: 'variant', label: 'Variant', of: ({ variants }: SiteResult) => variants },
  { name: 'verdict', label: 'Verdict', of: ({ verdicts }: SiteResult) => verdicts.map(({ word }) => word) },
  { name: 'branch', label: 'Branch', of: ({ branch }: SiteResult) => [branch ?? ''] },
  { name: 'state', label: 'State', of: ({ state }: SiteResult) => [state] },
] as const;

export function listPage(results: readonly SiteResult[]): string {
  return sitePage({
    ...{ title: 'Results', path: PATH, room: 'results', data: [RESULTS_DATA] },
    header: '<h1>Results</h1>',
    main: [
      '<section id="running" aria-live="polite"></section>',
      ...(results.length === 0 ? [EMPTY] : [controls(results), table(results), keys()]),
    ].join('\n'),
  });
}

const EMPTY =
  '<p class="missing">No results yet. Measure one with <code>rushhour experiment</code>, then <code>rushhour report</code>.</p>';

function controls(results: readonly SiteResult[]): string {
  return `<form id="filters" class="scripted" role="search" aria-label="Results">
<label class="search">Search <input type="search" name="q" autocomplete="off" spellcheck="false" placeholder="headline, id, variant, statement"></label>
${FILTERS.map((filter) => choice(filter, results)).join('\n')}
<label>Order <select name="sort"><option value="">newest first</option><option value="oldest">oldest first</option><option value="verdict">worst verdict first</option><option value="scenario">by scenario</option><option value="variant">by variant</option></select></label>
<button type="reset">Show all</button>
</form>
<div class="told"><p id="count" role="status" aria-live="polite">${countOf(results.length, 'result')}, newest first</p>
<p class="picked scripted"><a id="compare" class="button" aria-disabled="true">Compare two</a> <button type="button" id="keys-open" aria-haspopup="dialog">Keys <kbd>?</kbd></button></p></div>`;
}

function choice({ name, label, of }: (typeof FILTERS)[number], results: readonly SiteResult[]): string {
  const values = [...new Set(results.flatMap((result) => of(result)))].filter((value) => value !== '').sort();
  const options = values.map((value) => `<option>${escapeHtml(value)}</option>`).join('');
  return `<label>${label} <select name="${name}"><option value="">any</option>${options}</select></label>`;
}

function table(results: readonly SiteResult[]): string {
  return `<table class="results" role="table">
<caption class="quiet">All results</caption>
<colgroup><col class="pick scripted"><col class="what"><col class="verdict-column"><col class="middle"><col class="middle"><col class="middle"><col class="middle"></colgroup>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col" class="pick scripted"><span class="quiet">Compare</span></th>${[
    'Result',
    'Verdict',
    'Scenario',
    'Variants',
    'Branch',
    'Began',
  ]
    .map((name) => `<th role="columnheader" scope="col">${name}</th>`)
    .join('')}</tr></thead>
<tbody role="rowgroup">
${results.map(row).join('\n')}
</tbody>
</table>
<p id="none" class="missing" hidden>No result fits. <button type="button" id="show-all">Show all</button></p>`;
}

function row(result: SiteResult): string {
  const { id, kind, scenario, variants, verdicts, branch, commit, startedAt, state } = result;
  const cells: readonly (readonly [label: string, html: string])[] = [
    [
      'Verdict',
      verdicts.length === 0 ? stateHtml(state, '–') : verdicts.map(badge).join(' ') + stateHtml(state),
    ],
    ['Scenario', lines(scenario, kind === 'unknown' ? '' : kind)],
    ['Variants', variantLines(variants)],
    ['Branch', lines(branch ?? '', commit === null ? '' : commit.slice(0, 8))],
    [
      'Began',
      startedAt === '' ? '–' : `<time datetime="${escapeHtml(startedAt)}">${formatInstant(startedAt)}</time>`,
    ],
  ];
  return `<tr role="row"><td role="cell" class="pick scripted">${picker(result)}</td><td role="cell" class="what">${name(result)}<span class="id">${escapeHtml(id)}</span></td>${cells
    .map(([label, html]) => `<td role="cell" data-label="${label}">${html}</td>`)
    .join('')}</tr>`;
}

/** Only what holds runs can be compared. */
function picker({ id, kind, state }: SiteResult): string {
  if ((kind !== 'run' && kind !== 'experiment') || state === 'unreadable') return '';
  return `<input type="checkbox" value="${escapeHtml(id)}" aria-label="Compare ${escapeHtml(id)}">`;
}

function name({ headline, id, href }: SiteResult): string {
  const text = escapeHtml(headline === '' ? id : headline);
  return href === null
    ? `<span class="name" tabindex="-1">${text}</span>`
    : `<a class="name" href="${hrefFrom(PATH, href)}">${text}</a>`;
}

function badge({ word, sign, tone, count }: ListedVerdict): string {
  const times = count === 1 ? '' : ` <span class="times">×${count}</span>`;
  return `<span class="mark" style="--tone:${themedColour(tone)}">${escapeHtml(`${sign} ${word}`)}${times}</span>`;
}

function stateHtml(state: ListedState, otherwise = ''): string {
  return state === 'complete' ? otherwise : ` <span class="state">${state}</span>`;
}

const MOST_VARIANTS = 4;

/** The baseline first; of many the last one as well, which is what the others lead to. */
function variantLines(variants: readonly string[]): string {
  if (variants.length <= MOST_VARIANTS) return lines(variants.join(', '));
  const ends = [variants[0] ?? '', variants.at(-1) ?? ''];
  return lines(ends.join(' … '), `${variants.length} variants`);
}

function lines(first: string, second = ''): string {
  const more = second === '' ? '' : `<span class="second">${escapeHtml(second)}</span>`;
  return `${escapeHtml(first === '' ? '–' : first)}${more}`;
}

const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['/'], 'to the search'],
  [['↓', 'j'], 'next result'],
  [['↑', 'k'], 'result before'],
  [['Enter'], 'opens the result'],
  [['Space'], 'chooses it for the comparison, two at most'],
  [['c'], 'compares the two'],
  [['Esc'], 'empties the search'],
  [['?'], 'shows these keys'],
];

function keys(): string {
  const rows = KEYS.map(
    ([names, does]) => `<dt>${names.map((one) => `<kbd>${one}</kbd>`).join(' or ')}</dt><dd>${does}</dd>`,
  );
  return `<dialog id="keys" aria-labelledby="keys-heading"><h2 id="keys-heading">Keys</h2><dl>${rows.join('')}</dl><form method="dialog"><button>Close</button></form></dialog>`;
}
