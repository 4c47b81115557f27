import { NOT_MEASURED } from '../quantity.ts';
import type { Chart } from './charts/chart.ts';
import {
  escapeHtml,
  escapeMarkdown,
  escapeMarkdownPart,
  markdownCode,
  markdownFence,
  relativeHref,
} from './escape.ts';
import type { KeyFigure } from './key-figure.ts';
import type { Block, Cell, Link, Phrase, Section, Span, Table } from './view/blocks.ts';
import type { VerdictView } from './view/verdicts.ts';
import type { ReportView } from './view-model.ts';

/** The report as Markdown; its charts are files in `charts/` beside it. */
export function reportMarkdown(view: ReportView): string {
  const parts = [
    `# ${escapeMarkdown(view.title)}`,
    escapeMarkdown(view.subtitle),
    ...(view.incomplete === null ? [] : [`> **${escapeMarkdown(view.incomplete)}**`]),
    ...view.verdicts.map(verdictText),
    figuresText(view.figures),
    ...view.sections.map((section) => sectionMarkdown(section)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function verdictText(verdict: VerdictView): string {
  const { look, title, sentence, basis, remarks, gate, confirmation } = verdict;
  const word = `${look.sign} ${look.word.toUpperCase()}`;
  const link =
    confirmation === null
      ? []
      : [linkText({ text: confirmation.text, file: `../${confirmation.folder}/report/report.md` })];
  return [
    `**${word}** – ${escapeMarkdown(title)}: ${escapeMarkdown(sentence)}`,
    escapeMarkdown(basis),
    ...link,
    ...(gate === null ? [] : [markdownTable(gate)]),
    ...(remarks.length === 0 ? [] : [remarks.map((remark) => `- ${escapeMarkdown(remark)}`).join('\n')]),
  ].join('\n\n');
}

function figuresText(figures: readonly KeyFigure[]): string {
  return tableText(
    ['', 'Before', 'After', 'Change', 'Interval'],
    [false, true, true, true, false],
    figures.map(({ label, before, after, change, interval, missing }) =>
      [label, before ?? '–', after ?? `${NOT_MEASURED}: ${missing}`, change ?? '–', interval ?? '–'].map(
        escapeMarkdown,
      ),
    ),
  );
}

/** One section under its heading, and its parts a level below. @param level of the heading: 1 is that of the page */
export function sectionMarkdown({ heading, lead, blocks, parts = [] }: Section, level = 2): string {
  return [
    `${'#'.repeat(level)} ${escapeMarkdown(heading)}`,
    ...(lead === null ? [] : [escapeMarkdown(lead)]),
    ...blocks.map(blockText),
    ...parts.map((part) => sectionMarkdown(part, level + 1)),
  ].join('\n\n');
}

const STANDS_OUT: Readonly<Record<Exclude<Span['kind'], 'code'>, string>> = { strong: '**', emphasis: '*' };

function phraseText(phrase: Phrase): string {
  if (typeof phrase === 'string') return escapeMarkdown(phrase);
  const parts = phrase.map((part) => {
    if (typeof part === 'string') return escapeMarkdownPart(part);
    if (part.kind === 'code') return markdownCode(part.text);
    return `${STANDS_OUT[part.kind]}${escapeMarkdown(part.text)}${STANDS_OUT[part.kind]}`;
  });
  return parts.join('').trim();
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return phraseText(block.text);
    case 'subheading':
      return `### ${escapeMarkdown(block.text)}`;
    case 'bullets':
      return block.items.map((item) => `- ${escapeMarkdown(item)}`).join('\n');
    case 'chart':
      return chartText(block.chart);
    case 'facts':
      return block.facts
        .map(({ name, value }) => `- **${escapeMarkdown(name)}**: ${escapeMarkdown(value)}`)
        .join('\n');
    case 'command':
      return `\`\`\`sh\n${block.text.replace(/\s*\n\s*/g, ' ')}\n\`\`\``;
    case 'sql':
      return markdownFence(block.text, 'sql');
    case 'plan':
      return markdownFence(block.text, 'text');
    case 'missing':
      return `*${escapeMarkdown(block.text)}*`;
    case 'links':
      return block.links.map((link) => `- ${linkText(link)}`).join('\n');
    case 'table':
      return markdownTable(block);
  }
}

/** A link to a file beside the page or above it. */
export function linkText({ text, file }: Link): string {
  return `[${escapeMarkdown(text)}](${relativeHref(file)})`;
}

/** A chart under its finding; the drawing is a file in `charts/` beside the page. */
function chartText({ name, finding, context, reading }: Chart): string {
  return [
    `### ${escapeMarkdown(finding)}`,
    escapeMarkdown(context),
    `![${escapeMarkdown(finding)}](charts/${name}.png)`,
    `${escapeMarkdown(reading)} ([SVG](charts/${name}.svg), [Vega-Lite](charts/${name}.vl.json))`,
  ].join('\n\n');
}

/** A folded table is the one thing said in HTML, which Markdown has no word for; its caption is escaped for both. */
function markdownTable(block: Table): string {
  const text = openTable(block);
  return block.folded
    ? `<details><summary>${escapeHtml(block.caption)}</summary>\n\n${text}\n\n</details>`
    : text;
}

function openTable({ caption, captionHidden, columns, rows, note }: Table): string {
  const text = tableText(
    columns.map(({ heading }) => escapeMarkdown(heading)),
    columns.map(({ numeric }) => numeric),
    rows.map((row) => row.map(cellText)),
  );
  return [
    ...(captionHidden ? [] : [`**${escapeMarkdown(caption)}**`]),
    text,
    ...(note === null ? [] : [escapeMarkdown(note)]),
  ].join('\n\n');
}

/** A table of cells that are Markdown already. */
export function tableText(
  headings: readonly string[],
  numeric: readonly boolean[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(headings), line(numeric.map((right) => (right ? '---:' : '---'))), ...rows.map(line)].join(
    '\n',
  );
}

function cellText(cell: Cell): string {
  if (typeof cell === 'string') return escapeMarkdown(cell);
  if (cell.kind === 'code') return markdownCode(cell.text);
  if (cell.kind === 'variant' || cell.kind === 'anchor') return escapeMarkdown(cell.text);
  if (cell.kind === 'links') return cell.links.map(linkText).join(', ') || '–';
  const note = cell.note === null ? '' : `: ${escapeMarkdown(cell.note)}`;
  return `${cell.look.sign} ${cell.look.word}${note}`;
}
