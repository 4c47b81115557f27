import type { CheckStatus } from '../doctor/check.ts';
import { HarnessError, messageOf } from '../errors.ts';

/** Which part of a config is tried. */
export interface Part {
  /** For programs: `dispatch`. */
  readonly name: string;
  /** For people: `first dispatch`. */
  readonly label: string;
  /** Of a part that each variant has. */
  readonly variant?: string;
  /** What to do about a problem that does not say so itself. */
  readonly remedy: string;
}

/** What became of a part. Texts may have several lines. */
export interface PartLine {
  readonly name: string;
  readonly label: string;
  readonly variant: string | null;
  readonly status: CheckStatus | 'not-tried';
  readonly detail: string;
  /** What is odd about it though it works, in sentences. */
  readonly notes: readonly string[];
  readonly remedy: string | null;
}

/** What was found when a part was tried. */
export interface Found<Value> {
  /** What parts that depend on it work with. */
  readonly value: Value;
  readonly detail: string;
  readonly notes?: readonly string[];
  /** Default `ok`, with notes `warning`. After a `problem` what depends on it is not tried. */
  readonly status?: CheckStatus;
  readonly remedy?: string;
}

/** A part that was tried, for those that depend on it. */
export interface Tried<Value> {
  readonly part: Part;
  /** `null` when it does not work, or was not tried. */
  readonly works: { readonly value: Value } | null;
}

/** Tries parts one after the other, and keeps a line of each. */
export class Parts {
  readonly lines: PartLine[] = [];
  private firstRefusal: HarnessError | null = null;
  private readonly signal: AbortSignal;
  private readonly onLine: (line: PartLine) => void;

  constructor(signal: AbortSignal, onLine: (line: PartLine) => void) {
    this.signal = signal;
    this.onLine = onLine;
  }

  /** The first part that would have touched what is not ours to touch; `null` without any. */
  get refusal(): HarnessError | null {
    return this.firstRefusal;
  }

  /**
   * Tries a part, unless one that it needs does not work. What it throws is the problem.
   * @throws the reason of the signal when that has fired
   */
  async try<Value>(
    part: Part,
    needs: readonly Tried<unknown>[],
    work: () => Promise<Found<Value>>,
  ): Promise<Tried<Value>> {
    this.signal.throwIfAborted();
    const lacking = needs.find(({ works }) => works === null);
    if (lacking) return this.leaveOut(part, `it needs "${titleOf(lacking.part)}"`);
    try {
      return this.found(part, await work());
    } catch (error) {
      if (this.signal.aborted) throw this.signal.reason;
      if (error instanceof HarnessError && error.code === 'REFUSED') this.firstRefusal ??= error;
      const hint = error instanceof HarnessError ? error.hint : undefined;
      this.add(part, { status: 'problem', detail: messageOf(error), notes: [], remedy: hint ?? part.remedy });
      return { part, works: null };
    }
  }

  /** A part that is not tried. @param why continues "not tried: " */
  leaveOut<Value>(part: Part, why: string): Tried<Value> {
    this.add(part, { status: 'not-tried', detail: `not tried: ${why}`, notes: [], remedy: null });
    return { part, works: null };
  }

  private found<Value>(part: Part, found: Found<Value>): Tried<Value> {
    const { notes = [], detail, value } = found;
    const status = found.status ?? (notes.length > 0 ? 'warning' : 'ok');
    const remedy = found.remedy ?? (status === 'problem' ? part.remedy : null);
    this.add(part, { status, detail, notes, remedy });
    return { part, works: status === 'problem' ? null : { value } };
  }

  private add(
    { name, label, variant }: Part,
    line: Pick<PartLine, 'status' | 'detail' | 'notes' | 'remedy'>,
  ): void {
    const whole: PartLine = { name, label, variant: variant ?? null, ...line };
    this.lines.push(whole);
    this.onLine(whole);
  }
}

/** What a part that works has given; only to be asked in parts that need it. */
export function given<Value>({ works, part }: Tried<Value>): Value {
  if (works) return works.value;
  throw new HarnessError('INTERNAL', `"${titleOf(part)}" does not work, and something depends on it.`);
}

/** `before · login` */
export function titleOf({
  label,
  variant,
}: {
  readonly label: string;
  readonly variant?: string | null;
}): string {
  return variant ? `${variant} · ${label}` : label;
}

const SIGNS: Readonly<Record<PartLine['status'], string>> = {
  ok: '✔',
  warning: '!',
  problem: '✖',
  'not-tried': '·',
};

/** A line for people, with what is odd and the remedy below it. */
export function describePart(line: PartLine): string {
  const below = [...line.notes.map((note) => `! ${note}`), ...(line.remedy ? [`→ ${line.remedy}`] : [])];
  return [`${SIGNS[line.status]} ${titleOf(line)}: ${line.detail}`, ...below]
    .map((text) => text.split('\n').join('\n    '))
    .join('\n  ');
}
