/** Served pages only: what is measured now, and the list anew when a result has ended. */

interface RunningNow {
  readonly id: string;
  readonly kind: string;
  readonly scenario: string;
  readonly variants: readonly string[];
  readonly step: string;
  readonly lines: readonly string[];
  readonly brokeOff: boolean;
}

interface ResultsState {
  readonly running: readonly RunningNow[];
  readonly mark: string;
}

let knownMark: string | null = null;

const panel = runningPanel();
if (panel) {
  const events = new EventSource('/events');
  events.addEventListener('results', (event) => {
    const state = JSON.parse((event as MessageEvent<string>).data) as ResultsState;
    if (knownMark !== null && knownMark !== state.mark) refresh();
    knownMark = state.mark;
    show(panel, state.running);
  });
  // The server has ended: what is shown is no longer how it is.
  events.addEventListener('error', () => show(panel, null));
}

/** A list that can take new results without being loaded again says so by preventing it. */
function refresh(): void {
  const asked = new CustomEvent('results-changed', { cancelable: true });
  if (document.dispatchEvent(asked)) location.reload();
}

/** The list keeps its height, so that nothing moves when a reading comes; what is more is reached by scrolling, also with keys. */
function runningPanel(): HTMLElement | null {
  const place = document.getElementById('running');
  place?.setAttribute('role', 'status');
  place?.setAttribute('tabindex', '0');
  return place;
}

/** @param running `null` when nobody can tell */
function show(place: HTMLElement, running: readonly RunningNow[] | null): void {
  const head = document.createElement('h2');
  head.textContent = headOf(running);
  place.replaceChildren(head, ...(running ?? []).map(article));
}

function headOf(running: readonly RunningNow[] | null): string {
  if (running === null) return 'Not connected: `rushhour open` has ended';
  return running.length === 0 ? 'Nothing is measured now' : 'Running now';
}

function article(one: RunningNow): HTMLElement {
  const box = document.createElement('div');
  box.dataset.id = one.id;
  const title = document.createElement('p');
  const name = document.createElement('strong');
  name.textContent = `${one.kind} ${one.scenario}, ${one.variants.join(', ')}`;
  title.append(name, ` · ${one.brokeOff ? 'broke off: its process has gone' : one.step || 'begins'}`);
  const list = document.createElement('ul');
  for (const line of one.brokeOff ? [] : one.lines) {
    const item = document.createElement('li');
    item.textContent = line;
    list.append(item);
  }
  box.append(title, ...(list.children.length > 0 ? [list] : []));
  return box;
}
