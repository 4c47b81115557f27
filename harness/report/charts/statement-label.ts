import { shorten } from '../../quantity.ts';

/**
 * A statement as a label: its columns left out, because its verb and its tables are what tells it from others.
 * "SELECT … FROM booking WHERE company_id = $1"
 */
export function statementLabel(text: string, letters: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= letters) return line;
  const brief = line
    .replace(/^(select) .+? (from) /i, '$1 … $2 ')
    .replace(/^(insert into \S+) ?\([^)]*\)/i, '$1 (…)')
    .replace(/^(update \S+ set) .+? (from|where) /i, '$1 … $2 ');
  return shorten(brief, letters);
}
