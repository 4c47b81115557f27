/** The two results that are chosen for a comparison. A third takes the place of the first. */
export class ListChoice {
  private chosen: string[] = [];
  private readonly boxes: readonly HTMLInputElement[];

  private readonly link: HTMLAnchorElement;
  private readonly page: string;

  /** @param link leads to the comparison @param page its address, without what is compared */
  constructor(rows: readonly HTMLTableRowElement[], link: HTMLAnchorElement, page: string) {
    this.link = link;
    this.page = page;
    this.boxes = rows.flatMap((row) => row.querySelector<HTMLInputElement>('.pick input') ?? []);
    for (const box of this.boxes) box.addEventListener('change', () => this.turn(box.value, box.checked));
    for (const box of this.boxes.filter(({ checked }) => checked)) this.turn(box.value, true); // a browser may restore them
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
    this.chosen = [...this.chosen.filter((one) => one !== id), ...(on ? [id] : [])].slice(-2);
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
