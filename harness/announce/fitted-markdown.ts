/** A piece of a page that is shown whole or not at all. */
export interface PagePart {
  /** How it is called where it was left out, in words. */
  readonly name: string;
  readonly text: string;
  /** Pieces that are folded are left out before any that is open. */
  readonly folded: boolean;
}

/** Kept free for the sentence about what was left out. */
const REMARK_BYTES = 600;

/**
 * The parts in their order, as many as fit into so many bytes of UTF-8; what was left out is named. Head and foot always stay.
 *
 * @param where where all of it is, in words
 */
export function fitParts(
  { head, parts, foot }: { head: string; parts: readonly PagePart[]; foot: string },
  limitBytes: number,
  where: string,
): string {
  const whole = page([head, ...parts.map(({ text }) => text), foot]);
  if (Buffer.byteLength(whole) <= limitBytes) return whole;
  let left = limitBytes - Buffer.byteLength(page([head, foot])) - REMARK_BYTES;
  const kept = new Set<PagePart>();
  for (const part of [...parts.filter(({ folded }) => !folded), ...parts.filter(({ folded }) => folded)]) {
    const size = Buffer.byteLength(part.text) + 2; // and the empty line before it
    if (size > left) continue;
    kept.add(part);
    left -= size;
  }
  const missing = parts.filter((part) => !kept.has(part));
  return page([
    head,
    ...parts.filter((part) => kept.has(part)).map(({ text }) => text),
    remark(missing, where),
    foot,
  ]);
}

function remark(missing: readonly PagePart[], where: string): string {
  const names = [...new Set(missing.map(({ name }) => name))];
  const named = names.slice(0, 4).join(', ');
  const more = names.length > 4 ? ` and ${names.length - 4} more` : '';
  return `*Left out because a page here may not be longer: ${named}${more}. All of it is in ${where}.*`;
}

function page(texts: readonly string[]): string {
  return `${texts.filter((text) => text !== '').join('\n\n')}\n`;
}

/** The one thing said in HTML, which Markdown has no word for. @param caption words of ours alone */
export function folded(caption: string, text: string): string {
  return `<details><summary>${caption}</summary>\n\n${text}\n\n</details>`;
}
