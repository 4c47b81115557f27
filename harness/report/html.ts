import { NOT_MEASURED } from '../quantity.ts';
import type { DrawnChart } from './chart-figure.ts';
import { escapeHtml } from './escape.ts';
import { blockHtml, linkHtml, type Styles, tableHtml } from './html-blocks.ts';
import { themedColour } from './inline-svg.ts';
import type { KeyFigure } from './key-figure.ts';
import { page } from './page.ts';
import type { Section } from './view/blocks.ts';
import type { VerdictView } from './view/verdicts.ts';
import type { ReportView } from './view-model.ts';

/** The report as one page that is whole without network, script or a file beside it. */
export function reportPage(view: ReportView, drawings: ReadonlyMap<string, DrawnChart>): string {
  return page({
    title: view.title,
    place: view.place,
    header: [
      `<h1>${escapeHtml(view.title)}</h1>`,
      `<p class="subtitle">${escapeHtml(view.subtitle)}</p>`,
      sectionNavigation(view.sections),
    ].join('\n'),
    main: [
      incompleteNotice(view.incomplete),
      ...view.verdicts.map((verdict) => verdictCard(verdict, view.styles)),
      `<ul class="figures">${view.figures.map(figureCard).join('\n')}</ul>`,
      ...view.sections.map((section) => sectionHtml(section, drawings, view.styles)),
    ].join('\n'),
  });
}

function verdictCard(verdict: VerdictView, styles: Styles): string {
  const { look, title, sentence, basis, remarks, gate, confirmation } = verdict;
  const link =
    confirmation === null
      ? ''
      : `<p class="basis">${linkHtml({ text: confirmation.text, file: `../${confirmation.folder}/report/index.html` })}</p>`;
  return `<section class="verdict" style="--tone:${themedColour(look.light)}" aria-label="Verdict">
<div class="row"><span class="badge">${escapeHtml(`${look.sign} ${look.word}`)}</span><h2>${escapeHtml(title)}</h2></div>
<p class="sentence">${escapeHtml(sentence)}</p>
<p class="basis">${escapeHtml(basis)}</p>
${link}${gate === null ? '' : tableHtml(gate, styles)}${remarkList(remarks)}
</section>`;
}

function figureCard({ label, before, after, change, interval, missing }: KeyFigure): string {
  const part = (name: string, text: string | null) =>
    text === null ? '' : `<p class="${name}">${escapeHtml(text)}</p>`;
  const values =
    after === null
      ? `${part('value', NOT_MEASURED)}${part('before', missing)}`
      : [
          part('value', after),
          part('before', before === null ? null : `before: ${before}`),
          part('change', change),
          part('interval', interval),
        ].join('');
  return `<li class="figure${after === null ? ' absent' : ''}">${part('label', label)}${values}</li>`;
}

/** Links to the sections of a page. */
export function sectionNavigation(sections: readonly Pick<Section, 'id' | 'heading'>[]): string {
  const links = sections.map(({ id, heading }) => `<a href="#${id}">${escapeHtml(heading)}</a>`);
  return `<nav aria-label="Sections">${links.join('')}</nav>`;
}

/** What is said first of a result that is not whole; nothing of one that is. */
export function incompleteNotice(text: string | null): string {
  return text === null ? '' : `<p class="incomplete" role="status">${escapeHtml(text)}</p>`;
}

export function remarkList(remarks: readonly string[]): string {
  if (remarks.length === 0) return '';
  return `<ul class="remarks">${remarks.map((remark) => `<li>${escapeHtml(remark)}</li>`).join('')}</ul>`;
}

/** One section under its heading, with its parts folded: all but the first. */
export function sectionHtml(
  { id, heading, lead, blocks, parts = [] }: Section,
  drawings: ReadonlyMap<string, DrawnChart>,
  styles: Styles,
): string {
  return `<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${escapeHtml(heading)}</h2>
${lead === null ? '' : `<p class="lead">${escapeHtml(lead)}</p>`}
${blocks.map((block) => blockHtml(block, drawings, styles)).join('\n')}
${parts.map((part, index) => partHtml(part, index === 0, drawings, styles)).join('\n')}
</section>`;
}

/** The id is inside of what is folded: a link to it opens it. */
function partHtml(
  { id, heading, lead, blocks }: Section,
  isOpen: boolean,
  drawings: ReadonlyMap<string, DrawnChart>,
  styles: Styles,
): string {
  return `<details class="card part"${isOpen ? ' open' : ''}><summary><h3>${escapeHtml(heading)}</h3></summary>
<div id="${id}">
${lead === null ? '' : `<p>${escapeHtml(lead)}</p>`}
${blocks.map((block) => blockHtml(block, drawings, styles)).join('\n')}
</div></details>`;
}
