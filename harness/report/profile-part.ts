import { sectionMarkdown } from './markdown.ts';
import type { Section } from './view/blocks.ts';

/** Half of what a profile tells: a page of its own as Markdown, a part of the one page as HTML. */
export interface ProfilePart {
  /** Headed by what was found, in a sentence; its lead says on what it was measured. */
  readonly opening: Section;
  readonly sections: readonly Section[];
}

/** The part as a page: its first line is what was found. */
export function partMarkdown({ opening, sections }: ProfilePart): string {
  const parts = [sectionMarkdown(opening, 1), ...sections.map((section) => sectionMarkdown(section))];
  return `${parts.join('\n\n')}\n`;
}
