import { element } from './element.ts';
import type { ListChoice } from './list-choice.ts';

export interface KeyGround {
  readonly body: HTMLTableSectionElement;
  readonly form: HTMLFormElement;
  readonly choice: ListChoice;
}

/** Lets one walk through the list without a mouse. Keys in a field belong to the field. */
export function listenToKeys({ body, form, choice }: KeyGround): void {
  const search = form.elements.namedItem('q') as HTMLInputElement;
  const dialog = element('#keys', HTMLDialogElement);
  element('#keys-open', HTMLButtonElement).addEventListener('click', () => dialog.showModal());

  const walk = (step: 1 | -1) => () => {
    const shown = [...body.rows].filter((row) => !row.hidden);
    const here = shown.findIndex((row) => row.contains(document.activeElement));
    const next = shown[here === -1 ? (step === 1 ? 0 : shown.length - 1) : here + step];
    const name = next?.querySelector<HTMLElement>('.name');
    name?.focus();
    name?.scrollIntoView({ block: 'nearest' });
  };
  const onRow = () => document.activeElement?.closest<HTMLTableRowElement>('.results tbody tr') ?? null;

  const ACTIONS: Readonly<Record<string, () => unknown>> = {
    '/': () => search.select(),
    '?': () => dialog.showModal(),
    ArrowDown: walk(1),
    j: walk(1),
    ArrowUp: walk(-1),
    k: walk(-1),
    c: () => choice.compare(),
    ' ': () => {
      const row = onRow();
      if (row === null) return false; // the page scrolls, as ever
      choice.toggle(row);
      return true;
    },
  };

  document.addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    const inSearch = target === search;
    if (inSearch && key === 'Escape' && search.value === '') search.blur();
    if (inSearch ? key !== 'ArrowDown' : isField(target, key)) return;
    const act = Object.hasOwn(ACTIONS, key) ? ACTIONS[key] : undefined;
    if (act !== undefined && act() !== false) event.preventDefault();
  });
}

/** Whether a key means something to the element that has the focus. */
function isField(target: EventTarget | null, key: string): boolean {
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox' || key === ' ';
  if (target instanceof HTMLButtonElement) return key === ' ';
  return target instanceof HTMLSelectElement;
}
