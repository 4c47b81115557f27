/** The list of all results: narrowed, ordered and walked through. The rows are there already, in the order of the data. */
import { RESULTS_DATA, type ResultsData } from '../results-data.ts';
import { siteData, siteHref } from './data-shelf.ts';
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
  const rows = [...body.rows];
  const choice = new ListChoice(rows, element('#compare', HTMLAnchorElement), siteHref('compare.html'));
  const show = shownRows(form, body, rows, data);

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
  if (location.hash !== '#content') follow();
  document.documentElement.classList.remove('filtering');
}

/** Shows what fits a filter, and says how much that is. */
function shownRows(
  form: HTMLFormElement,
  body: HTMLTableSectionElement,
  rows: readonly HTMLTableRowElement[],
  data: ResultsData,
): (filter: ListFilter) => void {
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
