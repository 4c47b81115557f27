/** Zones change their offset at quarters of an hour and at no other time (tzdata, since 1972). */
const QUARTER_MS = 15 * 60_000;

/** Says moments as clocks on the wall of one zone do; for columns that keep a time without its zone. */
export class LocalTime {
  private readonly format: Intl.DateTimeFormat;
  /** By quarter of an hour since 1970. */
  private readonly offsetsMs = new Map<number, number>();

  /**
   * @param timeZone IANA name, `Europe/Berlin`
   * @throws RangeError for one that is not known
   */
  constructor(timeZone: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  }

  /** `2026-03-29 03:00:00.000`. The hour that is put back in autumn is said twice. */
  text(moment: Date): string {
    const ms = moment.getTime();
    return new Date(ms + this.offsetMs(ms)).toISOString().slice(0, -1).replace('T', ' ');
  }

  private offsetMs(ms: number): number {
    const quarter = Math.floor(ms / QUARTER_MS);
    const known = this.offsetsMs.get(quarter);
    if (known !== undefined) return known;
    const startMs = quarter * QUARTER_MS;
    const parts = this.format.formatToParts(new Date(startMs));
    const part = (type: Intl.DateTimeFormatPartTypes) =>
      Number(parts.find((one) => one.type === type)?.value);
    const wallMs = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    this.offsetsMs.set(quarter, wallMs - startMs);
    return wallMs - startMs;
  }
}
