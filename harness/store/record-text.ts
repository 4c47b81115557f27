/**
 * A record as indented JSON with each list of numbers on one line: thousands of samples a line each would bury what
 * people look for, and double the file.
 */
export function toJson(record: unknown): string {
  const text = JSON.stringify(record, null, 1);
  // Only lists that hold nothing but numbers: no string can be inside, so nothing else is touched.
  return `${text.replaceAll(/\[[\s\d.,eE+-]+\]/g, (list) => list.replaceAll(/\s+/g, ''))}\n`;
}
