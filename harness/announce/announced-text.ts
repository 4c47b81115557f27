import { shorten } from '../quantity.ts';
import { escapeMarkdown } from '../report/escape.ts';

/** Texts of statements, commits and branches may be of any length; a page of them is read by nobody. */
const LONGEST_TEXT = 400;

/** Put behind a character, it is shown as before and begins no mention, reference or link. */
const BREAK = '&#8203;';

/**
 * Text of others as Markdown that a forge renders: no markup, HTML or border of a cell as with `escapeMarkdown`, and nothing that is found in
 * the rendered text either, where a backslash is gone: mentions, references to issues, links and formulas.
 */
export function announcedText(text: string): string {
  return escapeMarkdown(shorten(visible(text), LONGEST_TEXT))
    .replace(/@(?=\S)/g, `@${BREAK}`)
    .replace(/\\#(?=\d)/g, `\\#${BREAK}`)
    .replace(/\b(GH-)(?=\d)/gi, `$1${BREAK}`)
    .replace(/:\/\//g, `:${BREAK}//`)
    .replace(/\b(www)\./gi, `$1${BREAK}.`)
    .replaceAll('$', '<span>$</span>');
}

/**
 * Text of others without control characters, which some readers refuse and terminals obey, and without those that turn the direction of
 * writing, by which a text can show as another.
 */
export function visible(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '')
      .replace(/[\u202a-\u202e\u2066-\u2069\u200b\ufeff\ufffe\uffff]/g, '')
      .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
  );
}
