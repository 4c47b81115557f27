/** The rows of the list of all results, and what it can be narrowed by: written into its page, and drawn anew in the browser. Pure. */
import { formatInstant } from '../quantity.ts';
import { escapeHtml } from '../report/escape.ts';
import { themedColour } from '../report/inline-svg.ts';
import type { SiteResult } from './list-results.ts';
import type { ListedState, ListedVerdict } from './listed-result.ts';
import { hrefFrom } from './page-shell.ts';

/** Place of the list in the results folder. */
export const LIST_PATH = 'index.html';

/** What a row shows of a result. */
export type RowResult = Omit<SiteResult, 'statements' | 'ratios'>;

/** The members of a result that the list can be narrowed by, with the word before the choice. */
export const FILTERS = [
  { name: 'kind', label: 'Kind', of: ({ kind }: RowResult) => [kind] },
  { name: 'scenario', label: 'Scenario', of: ({ scenario }: RowResult) => [scenario] },
  { name: 'variant', label: 'Variant', of: ({ variants }: RowResult) => variants },
  { name: 'verdict', label: 'Verdict', of: ({ verdicts }: RowResult) => verdicts.map(({ word }) => word) },
  { name: 'branch', label: 'Branch', of: ({ branch }: RowResult) => [branch ?? ''] },
  { name: 'state', label: 'State', of: ({ state }: RowResult) => [state] },
] as const;

/** What there is to choose from, each once, in the order of the alphabet. */
export function filterValues({ of }: (typeof FILTERS)[number], results: readonly RowResult[]): string[] {
  return [...new Set(results.flatMap((result) => of(result)))].filter((value) => value !== '').sort();
}

/** @param results newest first */
export function resultRows(results: readonly RowResult[]): string {
  return results.map(row).join('\n');
}

function row(result: RowResult): string {
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
function picker({ id, kind, state }: RowResult): string {
  if ((kind !== 'run' && kind !== 'experiment') || state === 'unreadable') return '';
  return `<input type="checkbox" value="${escapeHtml(id)}" aria-label="Compare ${escapeHtml(id)}">`;
}

function name({ headline, id, href }: RowResult): string {
  const text = escapeHtml(headline === '' ? id : headline);
  return href === null
    ? `<span class="name" tabindex="-1">${text}</span>`
    : `<a class="name" href="${hrefFrom(LIST_PATH, href)}">${text}</a>`;
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
