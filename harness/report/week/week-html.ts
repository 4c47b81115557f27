import type { DrawnChart } from '../chart-figure.ts';
import { escapeHtml } from '../escape.ts';
import { incompleteNotice, remarkList, sectionHtml, sectionNavigation } from '../html.ts';
import { linkHtml } from '../html-blocks.ts';
import { themedColour } from '../inline-svg.ts';
import { page } from '../page.ts';
import { ALL_FILES, type PageFiles, type WeekPage } from './week-page.ts';

/** A page of the week as HTML that needs no network and is whole without script; its charts are inside. */
export function weekHtml(view: WeekPage, drawings: ReadonlyMap<string, DrawnChart>): string {
  return page({
    title: view.title,
    place: view.place,
    header: [
      `<h1>${escapeHtml(view.files.name)}</h1>`,
      `<p class="subtitle">${escapeHtml(view.basis)}</p>`,
      ...(view.names === null ? [] : [`<p class="subtitle">${escapeHtml(view.names)}</p>`]),
      pageNavigation(view.files),
      sectionNavigation(view.sections),
    ].join('\n'),
    main: [
      incompleteNotice(view.incomplete),
      verdictCard(view),
      ...view.sections.map((section) => sectionHtml(section, drawings, view.styles)),
    ].join('\n'),
  });
}

function pageNavigation(own: PageFiles): string {
  const links = ALL_FILES.map((files) =>
    files === own
      ? `<strong aria-current="page">${escapeHtml(files.name)}</strong>`
      : linkHtml({ text: files.name, file: files.html }),
  );
  return `<nav aria-label="Pages">${links.join('')}</nav>`;
}

function verdictCard({ verdict: { look, sentence, remarks }, lead }: WeekPage): string {
  return `<section class="verdict" style="--tone:${themedColour(look.light)}" aria-label="Verdict">
<div class="row"><span class="badge">${escapeHtml(`${look.sign} ${look.word}`)}</span></div>
<p class="sentence">${escapeHtml(sentence)}</p>
<p class="basis">${escapeHtml(lead)}</p>
${remarkList(remarks)}
</section>`;
}
