import type { WeekRecord } from '../../week-record.ts';
import { blocks, type Section } from '../view/blocks.ts';
import type { WeekCharts } from './week-charts.ts';
import { section } from './week-section.ts';
import { metricTable } from './week-tables.ts';

/** What the week is judged by, as a table and drawn. */
export function metricSection({ finalMetrics }: WeekRecord, { finalMetrics: chart }: WeekCharts): Section {
  return section('metrics', 'Final metrics', {
    blocks: blocks(metricTable(finalMetrics), chart && { kind: 'chart', chart }),
    missing: 'No final metric was measured.',
  });
}
