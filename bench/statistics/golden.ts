import { GOLDEN_TOLERANCE, goldenChecks, goldenDeviation } from '../../test/support/golden-statistics.ts';
import type { VerifiedRow, VerifiedTable } from './table.ts';

export function goldenTable(): VerifiedTable {
  return {
    title: `Golden values: the largest difference from what others computed, at most ${GOLDEN_TOLERANCE}.`,
    columns: ['compared with'.padEnd(66), 'compared', 'largest difference'],
    rows: goldenRows(),
  };
}

function* goldenRows(): Generator<VerifiedRow> {
  const all = goldenChecks();
  for (const subject of new Set(all.map((check) => check.subject))) {
    const checks = all.filter((check) => check.subject === subject);
    const largest = Math.max(...checks.map(goldenDeviation));
    yield {
      cells: [subject, `${checks.length}`, largest.toExponential(1)],
      bar: 'equal',
      met: largest <= GOLDEN_TOLERANCE,
    };
  }
}
