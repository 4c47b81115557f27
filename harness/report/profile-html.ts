import type { DrawnChart } from './chart-figure.ts';
import { escapeHtml } from './escape.ts';
import { sectionHtml, sectionNavigation } from './html.ts';
import { page } from './page.ts';
import type { ProfileView } from './profile-view.ts';
import type { Section } from './view/blocks.ts';

/** Both parts of a profile as one page that needs no network and is whole without script; its charts are inside. */
export function profilePage(
  { id, profiling, issues }: ProfileView,
  drawings: ReadonlyMap<string, DrawnChart>,
): string {
  const { heading, lead } = profiling.opening;
  const sections = [
    { ...profiling.opening, heading: 'Where the time goes', lead: null },
    ...profiling.sections,
    { ...issues.opening, lead: null },
    ...issues.sections,
  ];
  return page({
    title: heading,
    place: { id, isComparable: false },
    header: [
      `<h1 class="finding">${escapeHtml(heading)}</h1>`,
      ...(lead === null ? [] : [`<p class="subtitle">${escapeHtml(lead)}</p>`]),
      sectionNavigation(sections.map(named)),
    ].join('\n'),
    main: sections.map((section) => sectionHtml(section, drawings, new Map())).join('\n'),
  });
}

/** Sections that are headed by what was found have a name in the list of sections. */
const NAMES: Readonly<Record<string, string>> = {
  slow: 'Slow statements',
  growth: 'What grows with the work',
};

function named({ id, heading }: Section): Pick<Section, 'id' | 'heading'> {
  return { id, heading: NAMES[id] ?? heading };
}
