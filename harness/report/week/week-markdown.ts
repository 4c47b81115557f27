import { escapeMarkdown } from '../escape.ts';
import { linkText, sectionMarkdown } from '../markdown.ts';
import { ALL_FILES, type PageFiles, type WeekPage } from './week-page.ts';

/** A page of the week as Markdown. What is incomplete or fell short stands before anything else. */
export function weekMarkdown(page: WeekPage): string {
  const { look, remarks } = page.verdict;
  const word = `**${look.sign} ${look.word.toUpperCase()}**`;
  const lead = escapeMarkdown(page.lead);
  const parts = [
    `# ${escapeMarkdown(page.title)}`,
    ...(page.incomplete === null ? [] : [`> **${escapeMarkdown(page.incomplete)}**`]),
    ...(remarks.length === 0
      ? [`${word} – ${lead}`]
      : [word, remarks.map((remark) => `- ${escapeMarkdown(remark)}`).join('\n'), lead]),
    `Measured on: ${escapeMarkdown(page.basis)}.`,
    ...(page.names === null ? [] : [escapeMarkdown(page.names)]),
    navigation(page.files),
    ...page.sections.map((section) => sectionMarkdown(section)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function navigation(own: PageFiles): string {
  return ALL_FILES.map((files) =>
    files === own
      ? `**${escapeMarkdown(files.name)}**`
      : linkText({ text: files.name, file: files.markdown }),
  ).join(' · ');
}
