/** The rooms of the site in the results folder, and the way to them from the page of a result. */

/** Each has its place in the header and its script. */
export type SiteRoom = 'results' | 'compare' | 'trends';

/** Where each room begins, from the results folder. */
export const SITE_ROOMS: readonly {
  readonly room: SiteRoom;
  readonly name: string;
  readonly path: string;
}[] = [
  { room: 'results', name: 'Results', path: 'index.html' },
  { room: 'compare', name: 'Compare', path: 'site/compare.html' },
  { room: 'trends', name: 'Trends', path: 'site/trends/index.html' },
];

/** A result as its page names it to the site. */
export interface SitePlace {
  /** With `/` where it is part of another one: `20261126-055408-week-full-60a6/ladder`. Its page is in `report/` there. */
  readonly id: string;
  /** Whether it can be chosen as one of two to compare. */
  readonly isComparable: boolean;
}

/** Addresses of the rooms on the page of a result, relative, so that they hold from disk. The comparison has the result chosen already. */
export function siteLinks({
  id,
  isComparable,
}: SitePlace): { readonly name: string; readonly href: string }[] {
  const parts = id.split('/');
  const up = '../'.repeat(parts.length + 1);
  // What is part of another result is not in the list.
  const chosen = isComparable && parts.length === 1 ? `#a=${encodeURIComponent(id)}` : '';
  return SITE_ROOMS.map(({ room, name, path }) => ({
    name: room === 'compare' && chosen !== '' ? 'Compare this' : name,
    href: `${up}${path}${room === 'compare' ? chosen : ''}`,
  }));
}
