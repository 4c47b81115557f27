import { NOT_MEASURED } from '../quantity.ts';
import type { Chart } from './charts/chart.ts';
import type { VariantStyle } from './charts/palette.ts';
import { escapeHtml } from './escape.ts';
import { inlineSvg, themedColour } from './inline-svg.ts';
import type { KeyFigure } from './key-figures.ts';
import { PAGE_STYLE } from './page-style.ts';
import type { Block, Cell, Section, Table } from './view/blocks.ts';
import type { ReportView, VerdictView } from './view-model.ts';

/** The two drawings of a chart without title: for a desk and for a phone. */
export interface DrawnChart {
  wideSvg: string;
  narrowSvg: string;
}

type Styles = ReadonlyMap<string, VariantStyle>;

/** The report as one page that needs nothing else: no network, no script, no file beside it. */
export function reportPage(view: ReportView, drawings: ReadonlyMap<string, DrawnChart>): string {
  return page({
    title: view.title,
    header: [
      `<h1>${escapeHtml(view.title)}</h1>`,
      `<p class="subtitle">${escapeHtml(view.subtitle)}</p>`,
      `<nav aria-label="Sections">${view.sections.map(({ id, heading }) => `<a href="#${id}">${escapeHtml(heading)}</a>`).join('')}</nav>`,
    ].join('\n'),
    main: [
      view.incomplete === null
        ? ''
        : `<p class="incomplete" role="status">${escapeHtml(view.incomplete)}</p>`,
      ...view.verdicts.map(verdictCard),
      `<ul class="figures">${view.figures.map(figureCard).join('\n')}</ul>`,
      ...view.sections.map((section) => sectionHtml(section, drawings, view.styles)),
    ].join('\n'),
  });
}

/** The frame of every page of rushhour. `header` and `main` are HTML. */
export function page({ title, header, main }: { title: string; header: string; main: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)} – rushhour</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<p class="brand">rushhour</p>
${header}
</header>
<main>
${main}
</main>
<footer>Made by rushhour from the stored result. Every number was measured in the runs named here; none is extrapolated.</footer>
</body>
</html>
`;
}

function verdictCard({ look, title, sentence, basis }: VerdictView): string {
  return `<section class="verdict" style="--tone:${themedColour(look.light)}" aria-label="Verdict">
<div class="row"><span class="badge">${escapeHtml(`${look.sign} ${look.word}`)}</span><h2>${escapeHtml(title)}</h2></div>
<p class="sentence">${escapeHtml(sentence)}</p>
<p class="basis">${escapeHtml(basis)}</p>
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

function sectionHtml(
  { id, heading, lead, blocks }: Section,
  drawings: ReadonlyMap<string, DrawnChart>,
  styles: Styles,
): string {
  return `<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${escapeHtml(heading)}</h2>
${lead === null ? '' : `<p class="lead">${escapeHtml(lead)}</p>`}
${blocks.map((block) => blockHtml(block, drawings, styles)).join('\n')}
</section>`;
}

function blockHtml(block: Block, drawings: ReadonlyMap<string, DrawnChart>, styles: Styles): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'bullets':
      return `<ul class="reasons">${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
    case 'chart':
      return chartHtml(block.chart, drawings.get(block.chart.name));
    case 'facts':
      return `<dl>${block.facts.map(({ name, value }) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>`;
    case 'command':
      return `<pre><code>${escapeHtml(block.text)}</code></pre>`;
    case 'missing':
      return `<p class="missing">${escapeHtml(block.text)}</p>`;
    case 'table':
      return tableHtml(block, styles);
  }
}

function chartHtml({ name, finding, context, reading }: Chart, drawn: DrawnChart | undefined): string {
  const label = `${finding}. ${context}`;
  const drawing =
    drawn === undefined
      ? `<p class="missing">This chart could not be drawn; its numbers are in the tables.</p>`
      : `<div class="wide">${inlineSvg(drawn.wideSvg, { id: `${name}-wide`, label })}</div>
<div class="narrow">${inlineSvg(drawn.narrowSvg, { id: `${name}-narrow`, label })}</div>`;
  return `<figure class="card" id="chart-${name}">
<figcaption><h3>${escapeHtml(finding)}</h3><p class="context">${escapeHtml(context)}</p></figcaption>
${drawing}
<p class="note">${escapeHtml(reading)}</p>
</figure>`;
}

function tableHtml({ caption, columns, rows, note }: Table, styles: Styles): string {
  const head = columns.map(
    ({ heading, numeric }) =>
      `<th scope="col"${numeric ? ' class="numeric"' : ''}>${escapeHtml(heading)}</th>`,
  );
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell, index) => cellHtml(cell, columns[index]?.numeric === true, styles)).join('')}</tr>`,
  );
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escapeHtml(caption)}">
<table><caption><span>${escapeHtml(caption)}</span></caption>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody></table></div>
${note === null ? '' : `<p class="note">${escapeHtml(note)}</p>`}`;
}

function cellHtml(cell: Cell, numeric: boolean, styles: Styles): string {
  if (typeof cell === 'string') {
    return `<td${numeric ? ' class="numeric"' : ''}>${escapeHtml(cell)}</td>`;
  }
  switch (cell.kind) {
    case 'code':
      return `<td><code>${escapeHtml(cell.text)}</code></td>`;
    case 'variant': {
      const colour = styles.get(cell.text)?.colour.light;
      const swatch =
        colour === undefined ? '' : `<span class="swatch" style="--tone:${themedColour(colour)}"></span>`;
      return `<td class="variant">${swatch}${escapeHtml(cell.text)}</td>`;
    }
    case 'verdict': {
      const why = cell.note === null ? '' : `<span class="why">${escapeHtml(cell.note)}</span>`;
      const word = escapeHtml(`${cell.look.sign} ${cell.look.word}`);
      return `<td><span class="word" style="--tone:${themedColour(cell.look.light)}">${word}</span>${why}</td>`;
    }
  }
}
