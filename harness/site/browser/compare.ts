/** The compare room: two pickers, the address that says what they hold, and the comparison. */
import { HarnessError } from '../../errors.ts';
import { withoutRuns } from '../../experiment/without-runs.ts';
import { escapeHtml, relativeHref } from '../../report/escape.ts';
import { comparisonHtml, refusalHtml } from '../compare-view.ts';
import type { ComparisonData } from '../compared-data.ts';
import { siteData, siteHref } from './data-shelf.ts';

type Side = 'a' | 'b';

/** What the list of results says of one. */
interface ListedResult {
  readonly id: string;
  readonly kind: 'run' | 'experiment' | 'profile' | 'advice' | 'week' | 'unknown';
  readonly scenario: string;
  readonly variants: readonly string[];
  readonly headline: string;
}

/** More options than that make a list slow, and nobody reads them: searching finds the rest. */
const MOST_OPTIONS = 200;

export async function compareRoom(): Promise<void> {
  const { results } = await siteData<{ readonly results: readonly ListedResult[] }>('results');
  const pickers = { a: pickerOf('a'), b: pickerOf('b') };
  const show = async () => {
    const chosen = chosenIds();
    for (const side of ['a', 'b'] as const) fill(pickers[side], results, chosen[side]);
    await showComparison(results, chosen);
  };
  for (const side of ['a', 'b'] as const) {
    pickers[side].search.addEventListener('input', () => fill(pickers[side], results, chosenIds()[side]));
    pickers[side].list.addEventListener('change', () => choose({ [side]: pickers[side].list.value }));
  }
  document.getElementById('swap')?.addEventListener('click', () => {
    const { a, b } = chosenIds();
    choose({ a: b, b: a });
  });
  document.getElementById('pickers')?.addEventListener('submit', (event) => event.preventDefault());
  window.addEventListener('hashchange', () => void show());
  await show();
}

function chosenIds(): Record<Side, string> {
  const words = new URLSearchParams(location.hash.slice(1));
  return { a: words.get('a') ?? '', b: words.get('b') ?? '' };
}

/** The address holds the choice, so that it can be passed on and gone back to. */
function choose(change: Partial<Record<Side, string>>): void {
  const next = { ...chosenIds(), ...change };
  location.hash = new URLSearchParams(next).toString();
}

interface Picker {
  readonly search: HTMLInputElement;
  readonly list: HTMLSelectElement;
  readonly found: HTMLElement;
}

function pickerOf(side: Side): Picker {
  return {
    search: document.getElementById(`search-${side}`) as HTMLInputElement,
    list: document.getElementById(`pick-${side}`) as HTMLSelectElement,
    found: document.getElementById(`found-${side}`) as HTMLElement,
  };
}

function fill({ search, list, found }: Picker, results: readonly ListedResult[], chosen: string): void {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = results.filter((result) => {
    const text = textOf(result).toLowerCase();
    return words.every((word) => text.includes(word));
  });
  list.replaceChildren(
    ...matching.slice(0, MOST_OPTIONS).map((result) => new Option(textOf(result), result.id)),
  );
  list.value = chosen;
  const rest = matching.length > MOST_OPTIONS ? `, the first ${MOST_OPTIONS} shown` : '';
  found.textContent = `${matching.length} of ${results.length} results${rest}`;
}

function textOf({ id, kind, scenario, variants, headline }: ListedResult): string {
  return `${id} · ${kind} · ${scenario} · ${variants.join(', ')}${headline === '' ? '' : ` · ${headline}`}`;
}

/** Of several choices in a row the last one is shown, whichever is loaded first. */
let asked = 0;

async function showComparison(
  results: readonly ListedResult[],
  { a, b }: Record<Side, string>,
): Promise<void> {
  const place = document.getElementById('comparison') as HTMLElement;
  asked += 1;
  const own = asked;
  place.ariaBusy = 'true';
  const html = await comparisonOf(results, a, b);
  if (own !== asked) return;
  place.innerHTML = html;
  place.ariaBusy = 'false';
}

async function comparisonOf(results: readonly ListedResult[], a: string, b: string): Promise<string> {
  if (a === '' || b === '') return '<p class="missing">Choose two results above.</p>';
  const missing = [a, b].filter((id) => !results.some((result) => result.id === id));
  if (missing.length > 0)
    return `<p class="missing">${escapeHtml(`Not in these results: ${missing.join(', ')}.`)}</p>`;
  const others = results.flatMap(({ id, kind }) =>
    (id === a || id === b) && kind !== 'run' && kind !== 'experiment' ? [withoutRuns(id, kind)] : [],
  );
  if (others.length > 0)
    return refusalHtml(
      `${a} → ${b}`,
      others.map(({ message }) => message),
      [...new Set(others.map(({ hint }) => hint))],
    );
  try {
    const [left, right] = [await siteData<ComparisonData>(a), await siteData<ComparisonData>(b)];
    return comparisonHtml(left, right, (file) => siteHref(`../${relativeHref(file).slice(2)}`));
  } catch (error) {
    const hint = error instanceof HarnessError ? error.hint : '`rushhour report` writes the data again.';
    return refusalHtml(
      `${a} → ${b}`,
      [error instanceof Error ? error.message : String(error)],
      hint ? [hint] : [],
    );
  }
}
