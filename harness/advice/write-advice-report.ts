import path from 'node:path';
import type { AdviceRecord } from '../advice-record.ts';
import type { Link } from '../report/view/blocks.ts';
import { createReportFolder } from '../report/write-chart.ts';
import { ADVICE_PAGE, MIGRATION_FILES } from '../store/advice-folder.ts';
import { writeDurably } from '../store/durable-file.ts';
import { advicePage } from './advice-html.ts';
import { adviceMarkdown } from './advice-markdown.ts';
import { adviceView } from './advice-view.ts';

export interface WrittenAdvice {
  /** `report/index.html` */
  readonly htmlPath: string;
  /** `INDEX_ADVICE.md` */
  readonly markdownPath: string;
}

/**
 * Draws an advice from its record alone: `report/index.html` and, above it, `INDEX_ADVICE.md`. Both link the migration.
 *
 * @param folder that of the result
 * @throws HarnessError RESULT_WRITE_FAILED when a file cannot be written
 */
export async function writeAdviceReport(record: AdviceRecord, folder: string): Promise<WrittenAdvice> {
  const htmlPath = path.join(folder, 'report', 'index.html');
  const markdownPath = path.join(folder, ADVICE_PAGE);
  await createReportFolder(path.dirname(htmlPath));
  await writeDurably(markdownPath, adviceMarkdown(adviceView(record, migrationLinks(''))));
  await writeDurably(htmlPath, advicePage(adviceView(record, migrationLinks('../'))));
  return { htmlPath, markdownPath };
}

/** @param up the way from the page to the result's folder */
function migrationLinks(up: string): Link[] {
  return Object.values(MIGRATION_FILES).map((file) => ({ text: path.basename(file), file: `${up}${file}` }));
}
