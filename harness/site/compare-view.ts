/** The comparison of two stored results as HTML. Pure: the browser calls it, and tests do without one. */
import { compareResults } from '../experiment/compare-results.ts';
import type { StoredComparison } from '../experiment/compare-stored.ts';
import { countVerdict } from '../experiment/count-verdict.ts';
import { refusalRemedies } from '../experiment/refusal-remedies.ts';
import { countOf } from '../quantity.ts';
import { escapeHtml } from '../report/escape.ts';
import { tableHtml } from '../report/html-blocks.ts';
import { themedColour } from '../report/inline-svg.ts';
import {
  armTitle,
  COUNTS_LEAD,
  type ComparedRow,
  counterRow,
  DIFFERENCES_LEAD,
  NOT_COMPARABLE_LEAD,
  noDifferenceText,
  RATIOS_LEAD,
  ratioRow,
  timeRow,
  timesLead,
} from '../report/stored-comparison-words.ts';
import { VERDICT_LOOK, type VerdictLook } from '../report/verdict-words.ts';
import { table } from '../report/view/blocks.ts';
import { panelSvg, panelText, sharedAxes } from './compare-lines.ts';
import type { ComparisonData, LoadPanel } from './compared-data.ts';
import { environmentTable } from './environment-table.ts';

/** A way from the page to a place in the results folder. */
export type HrefTo = (place: string) => string;

/**
 * What the rules of `rushhour compare` say of the two, then their environments and their charts.
 * @throws HarnessError BAD_OPTION when the two have no arm in common
 */
export function comparisonHtml(a: ComparisonData, b: ComparisonData, hrefTo: HrefTo): string {
  const { arms, ratios } = compareResults(a.result, b.result);
  return [
    ...arms.map(verdictHtml),
    ...arms.map(armHtml),
    tableOf('Two experiments', RATIOS_LEAD, ['metric', 'a', 'b'], ratios.map(ratioRow)),
    `<section id="environment"><h2>What was measured</h2>${environmentTable(a.result, b.result)}</section>`,
    panelsHtml(a, b),
    picturesHtml(a, b, hrefTo),
  ].join('\n');
}

/** Why nothing is compared, with what to do: as the verdict stands, and never beside a number. */
export function refusalHtml(title: string, refusals: readonly string[], remedies: readonly string[]): string {
  const look = VERDICT_LOOK['not-comparable'];
  return cardHtml(
    look,
    title,
    `<p class="sentence">${NOT_COMPARABLE_LEAD}</p>${bullets(refusals)}
<p class="basis">What to do:</p>${bullets(remedies)}`,
  );
}

function verdictHtml(arm: StoredComparison): string {
  if (arm.refusals.length > 0) return refusalHtml(armTitle(arm), arm.refusals, refusalRemedies(arm.refusals));
  return cardHtml(
    VERDICT_LOOK[countVerdict(arm.exact)],
    armTitle(arm),
    `<p class="sentence">${escapeHtml(countSentence(arm))}</p>
<p class="basis">By exact counts of dispatches alone; the times of two results that were measured apart have no verdict.</p>`,
  );
}

/** "2 of 6 counts differ: queries per dispatch −25.0 %; …". */
function countSentence(arm: StoredComparison): string {
  const changed = arm.exact.filter((one) => one.baseline !== one.candidate);
  if (changed.length === 0) return noDifferenceText(arm);
  const notes = changed.map((one) => {
    const [metric, , , note] = counterRow(one);
    return `${metric} ${note}`;
  });
  return `${changed.length} of ${countOf(arm.exact.length, 'count')} ${changed.length === 1 ? 'differs' : 'differ'}: ${notes.join('; ')}`;
}

function cardHtml(look: VerdictLook, title: string, body: string): string {
  return `<section class="verdict" style="--tone:${themedColour(look.light)}"><div class="row"><span class="badge">${look.sign} ${look.word}</span></div>
<h2>${escapeHtml(title)}</h2>
${body}</section>`;
}

function armHtml(arm: StoredComparison): string {
  if (arm.refusals.length > 0) return '';
  const differences =
    arm.differences.length === 0
      ? `<p>${escapeHtml(noDifferenceText(arm))}</p>`
      : `<h3>${DIFFERENCES_LEAD}</h3>${bullets(arm.differences.map(({ sentence }) => sentence))}`;
  return `<section><h2>${escapeHtml(armTitle(arm))}</h2>
${tableOf(null, COUNTS_LEAD, ['counter', 'a', 'b'], arm.exact.map(counterRow))}
${differences}
${arm.times.length === 0 ? '' : tableOf(null, timesLead(arm), ['time', 'a', 'b'], arm.times.map(timeRow))}</section>`;
}

function tableOf(
  heading: string | null,
  caption: string,
  headings: readonly string[],
  rows: readonly ComparedRow[],
): string {
  const block = table(caption, [...headings, ''], rows, { textColumns: [3] });
  if (block === null) return '';
  return `${heading === null ? '' : `<h2>${escapeHtml(heading)}</h2>`}${tableHtml(block, new Map())}`;
}

function bullets(items: readonly string[]): string {
  return `<ul class="reasons">${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
}

const PANEL_KINDS = {
  percentiles: 'latency by percentile',
  'over-time': 'latency over time',
} as const satisfies Record<LoadPanel['kind'], string>;

/** What both loads have measured, with the same axes left and right. */
function panelsHtml(a: ComparisonData, b: ComparisonData): string {
  const matches = a.panels.flatMap((left) => {
    const right = b.panels.find(({ kind, subject }) => kind === left.kind && subject === left.subject);
    return right === undefined ? [] : [[left, right] as const];
  });
  if (matches.length === 0) return '';
  const rows = matches.map(([left, right]) => {
    const axes = sharedAxes([left, right]);
    return `<h3>${escapeHtml(`${left.subject}: ${PANEL_KINDS[left.kind]}`)}</h3>
<div class="two">${figure(a, left, panelSvg(left, axes))}${figure(b, right, panelSvg(right, axes))}</div>`;
  });
  return `<section id="load"><h2>Under load, with the same axes</h2>
<p class="lead">No verdict: the two were measured apart. Logarithmic in milliseconds.</p>
${rows.join('\n')}</section>`;
}

function figure({ result }: ComparisonData, panel: LoadPanel, drawing: string): string {
  return `<figure class="card"><figcaption><p class="context">${escapeHtml(result.id)}</p></figcaption>${drawing}<p class="note">${escapeHtml(panelText(panel))}</p></figure>`;
}

/** The pictures of both reports, those of one name beside each other. */
function picturesHtml(a: ComparisonData, b: ComparisonData, hrefTo: HrefTo): string {
  const stem = (file: string) => file.replace(/\.\w+$/, '');
  const names = [...new Set([...a.charts, ...b.charts].map(stem))];
  if (names.length === 0) return '';
  const picture = ({ result, charts }: ComparisonData, name: string) => {
    const file = charts.find((one) => stem(one) === name);
    if (file === undefined)
      return `<p class="missing">${escapeHtml(`${result.id} has no chart ${name}`)}</p>`;
    const place = hrefTo(`${result.id}/report/charts/${file}`);
    return `<figure class="card"><figcaption><p class="context">${escapeHtml(result.id)}</p></figcaption><a href="${escapeHtml(place)}"><img class="picture" loading="lazy" src="${escapeHtml(place)}" alt="${escapeHtml(`${name} of ${result.id}; its numbers are in the report`)}"></a></figure>`;
  };
  const rows = names.map(
    (name) =>
      `<details><summary>${escapeHtml(name)}</summary><div class="two">${picture(a, name)}${picture(b, name)}</div></details>`,
  );
  return `<section id="pictures"><h2>Charts of both reports</h2>${rows.join('\n')}</section>`;
}
