/** Files known to take long, about the longest first. Only their order depends on it: one that is missing starts later. */
const LONG = [
  'external-target',
  'week-configured',
  'week-whole',
  'week-faults',
  'week-measure',
  'killed-at-each-step',
  'secrets',
  'secrets-config',
  'canary-config',
  'canary',
].map((name) => `test/integration/${name}.test.ts`);

/** A long file that starts last would run alone, with a core idle. @param files from the project's folder; the others keep their order */
export function longestFirst(files: readonly string[]): string[] {
  const long = LONG.filter((name) => files.includes(name));
  return [...long, ...files.filter((name) => !long.includes(name))];
}
