/** The words of a name, in small letters: `pickupAt`, `pickup_at` and `PICKUP-AT` are all `pickup`, `at`. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
}

/** English plurals as tables and paths have them: `companies` → `company`, `buses` → `bus`, `orders` → `order`. */
export function singular(word: string): string {
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(ss|sh|ch|x|z|us)es$/.test(word)) return word.slice(0, -2);
  if (/[^su]s$/.test(word)) return word.slice(0, -1);
  return word;
}

/** For comparing names across styles: `depotId`, `depot_id` and `Depot ID` are equal. */
export function sameName(a: string, b: string): boolean {
  return wordsOf(a).join() === wordsOf(b).join();
}

/** Words joined by underscores. */
export function snakeName(name: string): string {
  return wordsOf(name).join('_');
}
