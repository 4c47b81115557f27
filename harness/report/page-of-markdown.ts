import { relativeHref } from './escape.ts';

/** The section of a profile's page that is `N_PLUS_ONE_ISSUES.md` in Markdown. */
export const GROWTH_SECTION = 'growth';

/** Where the page in HTML is, from the folder of its Markdown. */
const PAGES: Readonly<Record<string, { readonly page: string; readonly section?: string }>> = {
  'report.md': { page: 'index.html' },
  'PROFILING_RESULTS.md': { page: 'index.html' },
  'N_PLUS_ONE_ISSUES.md': { page: 'index.html', section: GROWTH_SECTION },
  'INDEX_ADVICE.md': { page: 'report/index.html' },
};

/** The address of a file; of the page of a result, where the file is its Markdown. */
export function pageHref(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const known = Object.hasOwn(PAGES, name) ? PAGES[name] : undefined;
  if (known === undefined) return relativeHref(file);
  const href = relativeHref(file.slice(0, -name.length) + known.page);
  return known.section === undefined ? href : `${href}#${known.section}`;
}
