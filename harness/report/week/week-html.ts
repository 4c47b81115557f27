import { escapeHtml } from '../escape.ts';
import { sectionHtml } from '../html.ts';
import { type DrawnChart, linkHtml } from '../html-blocks.ts';
import { themedColour } from '../inline-svg.ts';
import { page } from '../page.ts';
import { ALL_FILES, type PageFiles, type WeekPage } from './week-page.ts';

/** A page of the week as HTML that needs no network and no script; its charts are inside. */
export function weekHtml(view: WeekPage, drawings: ReadonlyMap<string, DrawnChart>): string {
  return page({
    title: view.title,
    header: [
      `<h1>${escapeHtml(view.files.name)}</h1>`,
      `<p class="subtitle">${escapeHtml(view.basis)}</p>`,
      pageNavigation(view.files),
      `<nav aria-label="Sections">${view.sections.map(({ id, heading }) => `<a href="#${id}">${escapeHtml(heading)}</a>`).join('')}</nav>`,
    ].join('\n'),
    main: [
      view.incomplete === null
        ? ''
        : `<p class="incomplete" role="status">${escapeHtml(view.incomplete)}</p>`,
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
  const list =
    remarks.length === 0
      ? ''
      : `<ul class="remarks">${remarks.map((remark) => `<li>${escapeHtml(remark)}</li>`).join('')}</ul>`;
  return `<section class="verdict" style="--tone:${themedColour(look.light)}" aria-label="Verdict">
<div class="row"><span class="badge">${escapeHtml(`${look.sign} ${look.word}`)}</span></div>
<p class="sentence">${escapeHtml(sentence)}</p>
<p class="basis">${escapeHtml(lead)}</p>
${list}
</section>`;
}
