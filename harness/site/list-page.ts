/** The page of all results: whole as HTML, so that it can be read without script. Pure. */
import { countOf } from '../quantity.ts';
import { escapeHtml } from '../report/escape.ts';
import type { SiteResult } from './list-results.ts';
import { FILTERS, filterValues, LIST_PATH, resultRows } from './list-rows.ts';
import { sitePage } from './page-shell.ts';
import { RESULTS_DATA } from './results-data.ts';

/** @param unread how many others are new or have changed since the list was made whole */
export function listPage(results: readonly SiteResult[], unread: number): string {
  return sitePage({
    ...{ title: 'Results', path: LIST_PATH, room: 'results', data: [RESULTS_DATA] },
    header: '<h1>Results</h1>',
    main: [
      '<section id="running" aria-live="polite" aria-label="Measured now"></section>',
      ...(results.length === 0 ? [EMPTY] : [controls(results), ...notWhole(unread), table(results), keys()]),
    ].join('\n'),
  });
}

const EMPTY =
  '<p class="missing">No results yet. Measure one with <code>rushhour experiment</code>, then <code>rushhour report</code>.</p>';

function notWhole(unread: number): string[] {
  if (unread === 0) return [];
  return [
    `<p class="missing">${countOf(unread, 'other result')} may be listed as before or not at all: <code>rushhour report</code> reads all.</p>`,
  ];
}

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

function choice(filter: (typeof FILTERS)[number], results: readonly SiteResult[]): string {
  const options = filterValues(filter, results).map((value) => `<option>${escapeHtml(value)}</option>`);
  return `<label>${filter.label} <select name="${filter.name}"><option value="">any</option>${options.join('')}</select></label>`;
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
${resultRows(results)}
</tbody>
</table>
<p id="none" class="missing" hidden>No result fits. <button type="button" id="show-all">Show all</button></p>`;
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
