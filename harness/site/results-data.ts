import { dataFile } from './data-file.ts';
import type { SiteResult } from './list-results.ts';

/** What `site/data/results.js` holds: the list, for every page that lets one search or choose results. */
export interface ResultsData {
  readonly results: readonly ListedInBrowser[];
  /** Statements that any of the results said, each once. */
  readonly statements: readonly string[];
}

/** As {@link SiteResult}, newest first; its statements are places in `ResultsData.statements`. */
export type ListedInBrowser = Omit<SiteResult, 'statements' | 'ratios'> & {
  readonly statements: readonly number[];
};

export const RESULTS_DATA = 'results';

/** The list as a data file. Most results say the same to their database, so each statement is told once. Pure. */
export function resultsData(listed: readonly SiteResult[]): string {
  const places = new Map<string, number>();
  const placeOf = (text: string) => {
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  };
  const results = listed.map(({ ratios: _, ...result }) => ({
    ...result,
    statements: result.statements.map(placeOf),
  }));
  return dataFile(RESULTS_DATA, { results, statements: [...places.keys()] } satisfies ResultsData);
}
