const UNESCAPED: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/**
 * Reads rows in COPY text form, column after column: the way back from `copyLine`. `open`, then `next` for each row, then one
 * call for each column in its order.
 */
export class CopyFields {
  private rows = '';
  private at = 0;
  private rowEnd = -1;

  /** @param bytes whole rows */
  open(bytes: Buffer): void {
    this.rows = bytes.toString('utf8');
    this.rowEnd = -1;
  }

  /** Goes to the next row; false when there is none. Columns of the row before that were not read are passed over. */
  next(): boolean {
    this.at = this.rowEnd + 1;
    this.rowEnd = this.rows.indexOf('\n', this.at);
    return this.rowEnd >= 0;
  }

  /** Passes NULL over and says true; says false, and stays, before any other value. */
  nullable(): boolean {
    if (!this.rows.startsWith('\\N', this.at)) return false;
    this.raw();
    return true;
  }

  text(): string {
    const raw = this.raw();
    return raw.includes('\\')
      ? raw.replace(/\\(.)/gs, (_, character: string) => UNESCAPED[character] ?? character)
      : raw;
  }

  number(): number {
    return Number(this.raw());
  }

  boolean(): boolean {
    return this.raw() === 't';
  }

  /** A timestamp as `timestampText` writes it: UTC, whole seconds. */
  time(): Date {
    const raw = this.raw();
    const part = (from: number, to: number) => Number(raw.slice(from, to));
    return new Date(
      Date.UTC(part(0, 4), part(5, 7) - 1, part(8, 10), part(11, 13), part(14, 16), part(17, 19)),
    );
  }

  /** The day of the timestamp that comes next, YYYY-MM-DD. Stays before it. */
  day(): string {
    return this.rows.slice(this.at, this.at + 10);
  }

  skip(): void {
    this.raw();
  }

  private raw(): string {
    if (this.at > this.rowEnd) throw new Error('Expected another column, but the row has ended.');
    const tab = this.rows.indexOf('\t', this.at);
    const end = tab < 0 || tab > this.rowEnd ? this.rowEnd : tab;
    const raw = this.rows.slice(this.at, end);
    this.at = end + 1;
    return raw;
  }
}
