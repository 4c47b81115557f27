import type { WeekDay } from '../../week-record.ts';
import type { VariantStyle } from '../charts/palette.ts';
import type { SitePlace } from '../site-rooms.ts';
import type { VerdictLook } from '../verdict-words.ts';
import type { Section } from '../view/blocks.ts';

/** Names of a page as files, in both media. */
export interface PageFiles {
  readonly markdown: string;
  readonly html: string;
  /** In the list of pages. */
  readonly name: string;
}

export const FINAL_FILES: PageFiles = {
  markdown: 'PERFORMANCE_REPORT.md',
  html: 'index.html',
  name: 'Performance report',
};

export const DAY_FILES: Readonly<Record<WeekDay, PageFiles>> = {
  1: { markdown: 'DAY_1_PROFILING.md', html: 'day-1.html', name: 'Day 1, profiling' },
  2: { markdown: 'DAY_2_INDEXES.md', html: 'day-2.html', name: 'Day 2, indexes' },
  3: { markdown: 'DAY_3_BULK_WRITES.md', html: 'day-3.html', name: 'Day 3, bulk writes' },
  4: { markdown: 'DAY_4_N_PLUS_ONE.md', html: 'day-4.html', name: 'Day 4, N+1' },
  5: { markdown: 'DAY_5_VALIDATION.md', html: 'day-5.html', name: 'Day 5, validation' },
};

export const ALL_FILES: readonly PageFiles[] = [FINAL_FILES, ...Object.values(DAY_FILES)];

/** What a reader of one page sees, in the order of reading. HTML and Markdown only draw it. */
export interface WeekPage {
  readonly place: SitePlace;
  readonly files: PageFiles;
  readonly title: string;
  /** "Incomplete: …"; `null` for a complete week. */
  readonly incomplete: string | null;
  readonly verdict: {
    readonly look: VerdictLook;
    readonly sentence: string;
    /** What fell short or is open, one by one. */
    readonly remarks: readonly string[];
  };
  readonly lead: string;
  /** What it was measured on, and when. */
  readonly basis: string;
  /** Which variant of a config stands for which of the week; `null` for the reference target. */
  readonly names: string | null;
  readonly sections: readonly Section[];
  readonly styles: ReadonlyMap<string, VariantStyle>;
}
