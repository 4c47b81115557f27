/**
 * The list of all results: narrowed, ordered and walked through. The rows are there already, in the order of the data; they are drawn anew
 * when a result has come.
 */
import { FILTERS, filterValues, resultRows } from '../list-rows.ts';
import { RESULTS_DATA, type ResultsData } from '../results-data.ts';
import { siteData, siteDataAnew, siteHref } from './data-shelf.ts';
import { element } from './element.ts';
import { ListChoice } from './list-choice.ts';
import {
  filterHash,
  filterWords,
  fittingResults,
  type ListFilter,
  parseFilter,
  searchTexts,
} from './list-filter.ts';
import { listenToKeys } from './list-keys.ts';

export async function openResultsList(): Promise<void> {
  const form = document.getElementById('filters');
  if (!(form instanceof HTMLFormElement)) return; // no results yet
  const data = await siteData<ResultsData>(RESULTS_DATA);
  const body = element('.results tbody', HTMLTableSectionElement);
  const choice = new ListChoice(element('#compare', HTMLAnchorElement), siteHref('compare.html'));
  choice.take([...body.rows]);
  let show = shownRows(form, body, data);

  const follow = () => {
    const filter = parseFilter(location.hash);
    fill(form, filter);
    show(filter);
  };
  form.addEventListener('submit', (event) => event.preventDefault());
  // Typing replaces the address, so that the way back does not lead through every letter; a choice is a step of its own.
  form.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLInputElement) toHash(filterHash(read(form)), 'replace');
  });
  form.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLSelectElement) toHash(filterHash(read(form)), 'push');
  });
  const showAll = () => toHash('', 'push');
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    showAll();
  });
  element('#show-all', HTMLButtonElement).addEventListener('click', showAll);
  window.addEventListener('hashchange', () => {
    if (location.hash !== '#content') follow(); // the skip link is no filter
  });
  listenToKeys({ body, form, choice });
  onResultsChanged(async () => {
    const now = await siteDataAnew<ResultsData>(RESULTS_DATA);
    drawRows(body, now);
    offerValues(form, now);
    choice.take([...body.rows]);
    show = shownRows(form, body, now);
    follow();
  });
  if (location.hash !== '#content') follow();
  document.documentElement.classList.remove('filtering');
}

/** One after the other, so that the newest data are drawn last. A page that cannot take them is loaded again. */
function onResultsChanged(draw: () => Promise<void>): void {
  let drawn = Promise.resolve();
  document.addEventListener('results-changed', (event) => {
    event.preventDefault();
    drawn = drawn.then(draw).catch(() => location.reload());
  });
}

/** The focus stays on the result that has it. */
function drawRows(body: HTMLTableSectionElement, { results }: ResultsData): void {
  const [row, isBox] = [
    document.activeElement?.closest('tr'),
    document.activeElement?.matches('.pick input'),
  ];
  const id = row && body.contains(row) ? idOf(row) : null;
  body.innerHTML = resultRows(results);
  if (id === null) return;
  const again = [...body.rows].find((one) => idOf(one) === id);
  again?.querySelector<HTMLElement>(isBox ? '.pick input' : '.name')?.focus({ preventScroll: true });
}

function idOf(row: Element): string {
  return row.querySelector('.id')?.textContent ?? '';
}

/** What new results can be narrowed by. The first option lets everything through. */
function offerValues(form: HTMLFormElement, { results }: ResultsData): void {
  for (const filter of FILTERS) {
    const field = form.elements.namedItem(filter.name);
    if (!(field instanceof HTMLSelectElement)) continue;
    field.length = 1;
    for (const value of filterValues(filter, results)) field.add(new Option(value));
  }
}

/** Shows what fits a filter, and says how much that is. */
function shownRows(
  form: HTMLFormElement,
  body: HTMLTableSectionElement,
  data: ResultsData,
): (filter: ListFilter) => void {
  const rows = [...body.rows];
  const texts = searchTexts(data);
  const count = element('#count', HTMLElement);
  const none = element('#none', HTMLElement);
  const order = form.elements.namedItem('sort') as HTMLSelectElement;
  let isNatural = true;
  return (filter) => {
    const fitting = fittingResults(data.results, texts, filter);
    const shown = new Set(fitting);
    for (const [place, row] of rows.entries()) row.hidden = !shown.has(place);
    if (filter.sort !== '' || !isNatural) {
      body.append(
        ...(filter.sort === '' ? rows : fitting.map((place) => rows[place] as HTMLTableRowElement)),
      );
      isNatural = filter.sort === '';
    }
    none.hidden = fitting.length > 0;
    count.textContent = filterWords(filter, {
      ...{ shown: fitting.length, all: rows.length },
      order: order.selectedOptions[0]?.text ?? '',
    });
  };
}

function read(form: HTMLFormElement): ListFilter {
  const given = new FormData(form);
  return parseFilter(
    new URLSearchParams([...given].map(([name, value]) => [name, String(value)])).toString(),
  );
}

/** A value that is no option any more is offered, so that the address and the form say the same. */
function fill(form: HTMLFormElement, filter: ListFilter): void {
  for (const [name, value] of Object.entries(filter)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLSelectElement && ![...field.options].some((option) => option.value === value))
      field.add(new Option(value));
    if ((field instanceof HTMLSelectElement || field instanceof HTMLInputElement) && field.value !== value)
      field.value = value;
  }
}

function toHash(words: string, how: 'push' | 'replace'): void {
  if (how === 'push') location.hash = words;
  else location.replace(`#${words}`);
}
