import { escapeHtml } from '../report/escape.ts';
import { remarkList, sectionHtml, sectionNavigation } from '../report/html.ts';
import { page } from '../report/page.ts';
import type { AdviceView } from './advice-view.ts';

/** An advice as a page that is whole without network, script or a file beside it. */
export function advicePage({ id, headline, origin, harm, warnings, sections }: AdviceView): string {
  return page({
    title: headline,
    place: { id, isComparable: false },
    header: [
      `<h1 class="finding">${escapeHtml(headline)}</h1>`,
      `<p class="subtitle">${escapeHtml(origin)}</p>`,
      sectionNavigation(sections),
    ].join('\n'),
    main: [
      `<p class="lead opening">${escapeHtml(harm)}</p>`,
      remarkList(warnings),
      ...sections.map((section) => sectionHtml(section, new Map(), new Map())),
    ].join('\n'),
  });
}
