import { countOf, formatCount } from '../../quantity.ts';
import type { DatasetIdentity, LoadReport } from '../../result.ts';
import { dispatchSizeWords, namedSize } from '../dataset-size.ts';
import { datasetOf, type ReportInput, type VariantRuns } from '../report-input.ts';

/** "dataset load: 100 bookings a dispatch, 50 drivers" */
export function datasetContext(input: ReportInput): string | null {
  const dataset = datasetOf(input);
  return dataset === null ? null : datasetText(dataset);
}

/** "dataset load: 100 bookings a dispatch, 50 drivers" */
export function datasetText(dataset: DatasetIdentity): string {
  return namedSize(`dataset ${dataset.profile}`, dispatchSizeWords(dataset));
}

/** "6 runs a variant" or "1 run"; the range when the variants differ. */
export function runsContext(input: ReportInput, groups: readonly VariantRuns[]): string {
  const counts = groups.map(({ runs }) => runs.length);
  const least = Math.min(...counts);
  const most = Math.max(...counts);
  if (input.kind === 'run') return '1 run';
  return least === most
    ? `${countOf(most, 'run')} a variant`
    : `${formatCount(least)} to ${formatCount(most)} runs a variant`;
}

/** "k6, arrivals on schedule" or "autocannon, closed loop" */
export function generatorContext(report: Pick<LoadReport, 'generator' | 'model'>): string {
  return `${report.generator}, ${report.model === 'open' ? 'arrivals on schedule' : 'closed loop'}`;
}

/** "30 dispatches a variant, each alone" */
export function aloneText(summaries: readonly { dispatches: number }[]): string {
  const counts = [...new Set(summaries.map(({ dispatches }) => dispatches))].sort((a, b) => a - b);
  const said = counts.map(formatCount).join(' or ');
  const noun = counts.length === 1 && counts[0] === 1 ? 'dispatch' : 'dispatches';
  return summaries.length === 1 ? `${said} ${noun}, run alone` : `${said} ${noun} a variant, each alone`;
}

/** Joins the parts that exist with a middle dot. */
export function contextLine(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(' · ');
}
