const HTML_ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML text or as the value of a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => HTML_ENTITIES[character] as string);
}

/** Text on one line of Markdown: nothing in it is markup, HTML or the border of a table cell. */
export function escapeMarkdown(text: string): string {
  return escapeMarkdownPart(text).trim();
}

/** The same of a part of a line, which keeps the space at its ends. */
export function escapeMarkdownPart(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#&~]/g, (character) => `\\${character}`);
}

/** Code on one line of Markdown, fenced by more backticks than it holds. A bar would end a table cell, so it is escaped. */
export function markdownCode(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}

/** Code over several lines of Markdown, fenced by more backticks than it holds. @param language for example `sql` */
export function markdownFence(code: string, language: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code.trim()}\n${fence}`;
}

/** A path from a page's folder as an address, whatever its letters: never another host and never a script. */
export function relativeHref(path: string): string {
  return `./${path.split('/').map(encodeURIComponent).join('/')}`;
}
