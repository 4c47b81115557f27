import type { DrawnChart } from './chart-figure.ts';
import type { ChartWords } from './chart-words.ts';
import type { Chart } from './charts/chart.ts';
import type { VariantStyle } from './charts/palette.ts';
import { escapeHtml, relativeHref } from './escape.ts';
import { inlineSvg, themedColour } from './inline-svg.ts';
import { pageHref } from './page-of-markdown.ts';
import { planHtml } from './plan-html.ts';
import type { Block, Cell, Link, Phrase, Span, Table } from './view/blocks.ts';

export type Styles = ReadonlyMap<string, VariantStyle>;

/** A block of a section as HTML. */
export function blockHtml(block: Block, drawings: ReadonlyMap<string, DrawnChart>, styles: Styles): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${phraseHtml(block.text)}</p>`;
    case 'subheading':
      return `<h3 class="apart">${escapeHtml(block.text)}</h3>`;
    case 'bullets':
      return `<ul class="reasons">${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
    case 'chart':
      return chartHtml(block.chart, drawings.get(block.chart.name));
    case 'facts':
      return `<dl>${block.facts.map(({ name, value }) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>`;
    case 'command':
      return `<pre><code>${escapeHtml(block.text)}</code></pre>`;
    case 'sql':
      return `<pre class="sql"><code>${escapeHtml(block.text)}</code></pre>`;
    case 'plan':
      return planHtml(block.text);
    case 'missing':
      return `<p class="missing">${escapeHtml(block.text)}</p>`;
    case 'links':
      return `<ul class="reasons">${block.links.map((link) => `<li>${linkHtml(link)}</li>`).join('')}</ul>`;
    case 'table':
      return tableHtml(block, styles);
  }
}

const TAGS: Readonly<Record<Span['kind'], string>> = { strong: 'strong', emphasis: 'em', code: 'code' };

function phraseHtml(phrase: Phrase): string {
  if (typeof phrase === 'string') return escapeHtml(phrase);
  return phrase
    .map((part) =>
      typeof part === 'string'
        ? escapeHtml(part)
        : `<${TAGS[part.kind]}>${escapeHtml(part.text)}</${TAGS[part.kind]}>`,
    )
    .join('');
}

/** A link to a file beside the page or above it; to the page of a result, where Markdown links its Markdown. */
export function linkHtml({ text, file }: Link): string {
  return `<a href="${escapeHtml(pageHref(file))}">${escapeHtml(text)}</a>`;
}

/** A chart with its finding, for a desk and for a phone, in words, and to download. */
export function chartHtml(chart: Chart, drawn: DrawnChart | undefined): string {
  const { name, finding, context, reading } = chart;
  return `<figure class="card" id="chart-${name}">
<figcaption><h3>${escapeHtml(finding)}</h3><p class="context">${escapeHtml(context)}</p></figcaption>
${drawn === undefined ? NOT_DRAWN : drawings(chart, drawn)}
<p class="note">${escapeHtml(reading)}</p>
${drawn === undefined ? '' : `${wordsHtml(name, drawn.words)}\n${downloads(name, drawn.folder)}\n`}</figure>`;
}

const NOT_DRAWN = '<p class="missing">This chart could not be drawn; its numbers are in the tables.</p>';

function drawings({ name, finding, context }: Chart, { wideSvg, narrowSvg }: DrawnChart): string {
  const text = { label: `${finding}. ${context}`, describedBy: wordsId(name) };
  return `<div class="wide">${inlineSvg(wideSvg, { id: `${name}-wide`, ...text })}</div>
<div class="narrow">${inlineSvg(narrowSvg, { id: `${name}-narrow`, ...text })}</div>`;
}

function wordsId(name: string): string {
  return `words-${name}`;
}

/** Folded to the eye. What is folded describes nothing to a screen reader, so the numbers stand hidden as well. */
function wordsHtml(name: string, { sentences, lines }: ChartWords): string {
  const items = lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('');
  return `<details class="words"><summary>In words and numbers</summary><p>${escapeHtml(sentences.map(asSentence).join(' '))}</p><ul>${items}</ul></details>
<p id="${wordsId(name)}" hidden>${escapeHtml([...sentences.slice(-1), ...lines].map(asSentence).join(' '))}</p>`;
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

const FILES: readonly (readonly [word: string, extension: string])[] = [
  ['SVG', 'svg'],
  ['PNG', 'png'],
  ['data, CSV', 'csv'],
  ['Vega-Lite', 'vl.json'],
  ['text', 'txt'],
];

function downloads(name: string, folder: string): string {
  const links = FILES.map(([word, extension]) => {
    const file = relativeHref(`${folder}${name}.${extension}`);
    return `<a href="${escapeHtml(file)}" download aria-label="${escapeHtml(`${name}: ${word}`)}">${word}</a>`;
  });
  return `<p class="note downloads">Download: ${links.join(' ')}</p>`;
}

/** Columns from which a table needs more than a phone's usual room to be read. */
const BROAD_FROM = 6;

/** Numbers alone need little room, so they stand together. */
function classOf(columns: Table['columns']): string {
  if (columns.every(({ numeric }) => numeric)) return ' class="counts"';
  return columns.length < BROAD_FROM ? '' : ' class="broad"';
}

/** A table that scrolls by itself; a folded one opens at a click and in print. */
export function tableHtml(block: Table, styles: Styles): string {
  const html = openTableHtml(block, styles);
  return block.folded ? `<details><summary>${escapeHtml(block.caption)}</summary>\n${html}</details>` : html;
}

function openTableHtml({ caption, captionHidden, columns, rows, note }: Table, styles: Styles): string {
  const head = columns.map(
    ({ heading, numeric }) =>
      `<th scope="col"${numeric ? ' class="numeric"' : ''}>${escapeHtml(heading)}</th>`,
  );
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell, index) => cellHtml(cell, columns[index]?.numeric === true, styles)).join('')}</tr>`,
  );
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escapeHtml(caption)}">
<table${classOf(columns)}${captionHidden ? ` aria-label="${escapeHtml(caption)}">` : `><caption><span>${escapeHtml(caption)}</span></caption>`}
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody></table></div>
${note === null ? '' : `<p class="note">${escapeHtml(note)}</p>`}`;
}

function cellHtml(cell: Cell, numeric: boolean, styles: Styles): string {
  if (typeof cell === 'string') {
    return `<td${numeric ? ' class="numeric"' : ''}>${breakable(cell)}</td>`;
  }
  switch (cell.kind) {
    case 'code':
      return `<td>${codeHtml(cell.text, cell.name)}</td>`;
    case 'anchor':
      return `<td${numeric ? ' class="numeric"' : ''}><a href="#${cell.id}">${escapeHtml(cell.text)}</a></td>`;
    case 'links':
      return `<td>${cell.links.length === 0 ? '–' : cell.links.map(linkHtml).join('<br>')}</td>`;
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

/** A long beginning of a word, up to a joint in it. Not looked behind for: this runs in browsers that cannot. */
const JOINT = /(\S{8,}?[/_?&.])(?=\w)/;

/** Text in which a long word, as the path of a request, may be broken at its joints. */
function breakable(text: string): string {
  return text
    .split(JOINT)
    .map((part, index) => (index % 2 === 1 ? `${escapeHtml(part)}<wbr>` : escapeHtml(part)))
    .join('');
}

function codeHtml(text: string, name: string = text): string {
  const whole = `<code>${escapeHtml(text)}</code>`;
  return name === text
    ? whole
    : `<details class="whole"><summary><code>${escapeHtml(name)}</code></summary>${whole}</details>`;
}
