import { escapeMarkdown } from '../report/escape.ts';
import { sectionMarkdown } from '../report/markdown.ts';
import type { AdviceView } from './advice-view.ts';

/** `INDEX_ADVICE.md`. Its first line is what the advised indexes do to a dispatch. */
export function adviceMarkdown({ headline, origin, harm, warnings, sections }: AdviceView): string {
  return `${[
    headline,
    '# Index advice',
    escapeMarkdown(origin),
    escapeMarkdown(harm),
    ...warnings.map((warning) => `> ${escapeMarkdown(warning)}`),
    ...sections.map((section) => sectionMarkdown(section)),
  ].join('\n\n')}\n`;
}
