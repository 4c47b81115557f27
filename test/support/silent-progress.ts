import type { Progress } from '../../harness/progress.ts';

/** For tests that call what a command calls. */
export const SILENT: Progress = { step: (_title, work) => work(() => {}), note: () => {} };
