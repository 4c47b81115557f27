/** The two results that are chosen for a comparison. A third takes the place of the first. */
export class ListChoice {
  private chosen: readonly string[] = [];
  private boxes: readonly HTMLInputElement[] = [];

  private readonly link: HTMLAnchorElement;
  private readonly page: string;

  /** @param link leads to the comparison @param page its address, without what is compared */
  constructor(link: HTMLAnchorElement, page: string) {
    this.link = link;
    this.page = page;
  }

  /** Chooses among these rows from now on. What is chosen stays so as long as it is one of them. */
  take(rows: readonly HTMLTableRowElement[]): void {
    this.boxes = rows.flatMap((row) => row.querySelector<HTMLInputElement>('.pick input') ?? []);
    for (const box of this.boxes) box.addEventListener('change', () => this.turn(box.value, box.checked));
    const restored = this.boxes.filter(({ checked }) => checked).map(({ value }) => value); // by a browser
    const known = this.chosen.filter((id) => this.boxes.some(({ value }) => value === id));
    this.choose([...known, ...restored.filter((id) => !known.includes(id))]);
  }

  /** Of a row; nothing where it cannot be compared. */
  toggle(row: HTMLTableRowElement): void {
    row.querySelector<HTMLInputElement>('.pick input')?.click();
  }

  /** Opens the comparison when there are two. */
  compare(): void {
    if (this.link.hasAttribute('href')) this.link.click();
  }

  private turn(id: string, on: boolean): void {
    this.choose([...this.chosen.filter((one) => one !== id), ...(on ? [id] : [])]);
  }

  private choose(ids: readonly string[]): void {
    this.chosen = ids.slice(-2);
    for (const box of this.boxes) {
      box.checked = this.chosen.includes(box.value);
      box.closest('tr')?.classList.toggle('chosen', box.checked);
    }
    this.tell();
  }

  private tell(): void {
    const [a, b] = this.chosen;
    const words = ['Compare two', 'Compare with one more', 'Compare the two'];
    this.link.textContent = words[this.chosen.length] ?? '';
    if (a !== undefined && b !== undefined) {
      // The older one is the baseline: an id begins with its time.
      const [older, newer] = a < b ? [a, b] : [b, a];
      this.link.href = `${this.page}#${new URLSearchParams({ a: older, b: newer })}`;
      this.link.removeAttribute('aria-disabled');
    } else {
      this.link.removeAttribute('href');
      this.link.setAttribute('aria-disabled', 'true');
    }
  }
}
