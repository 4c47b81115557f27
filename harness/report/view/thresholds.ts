import { countOf, formatCount, formatDuration, formatShare } from '../../quantity.ts';
import type { RunRecord, ThresholdResult } from '../../result.ts';
import { median } from '../dispatch-summary.ts';
import type { VariantRuns } from '../report-input.ts';
import type { VerdictLook } from '../verdict-words.ts';
import { VERDICT_LOOK } from '../verdict-words.ts';
import { type Cell, type Table, table, variantCell } from './blocks.ts';

/** Thresholds of every run, counted by variant: met, missed, or without a number to judge. */
export function thresholdTable(groups: readonly VariantRuns[]): Table | null {
  const rows = groups.flatMap((group) =>
    [...thresholdsOf(group)].map(([, { generator, results }]) =>
      thresholdRow(group.variant, generator, results),
    ),
  );
  return table(
    'Thresholds',
    ['Threshold', 'Variant', 'Generator', 'Limit', 'Measured', 'Worst', 'Result'],
    rows,
    {
      numericFrom: 3,
      textColumns: [6],
      note: 'Measured: median over the runs. A threshold is met when every run met it.',
    },
  );
}

function thresholdsOf(group: VariantRuns): Map<string, { generator: string; results: ThresholdResult[] }> {
  const byName = new Map<string, { generator: string; results: ThresholdResult[] }>();
  for (const { run } of group.runs) {
    for (const { report, thresholds } of run.loads) {
      for (const result of thresholds) {
        const key = `${report.generator} ${result.name}`;
        const known = byName.get(key) ?? { generator: report.generator, results: [] };
        byName.set(key, { ...known, results: [...known.results, result] });
      }
    }
  }
  return byName;
}

function thresholdRow(variant: string, generator: string, results: readonly ThresholdResult[]): Cell[] {
  const [first] = results as [ThresholdResult, ...ThresholdResult[]];
  const measured = results.flatMap((result) => result.measured ?? []);
  const said = (value: number | null) => (value === null ? 'nothing to judge' : inUnit(value, first.unit));
  const passed = results.filter((result) => result.passed).length;
  return [
    first.name,
    variantCell(variant),
    generator,
    `≤ ${inUnit(first.limit, first.unit)}`,
    said(median(measured)),
    said(measured.length === 0 ? null : Math.max(...measured)),
    { kind: 'verdict', look: thresholdLook(passed === results.length), note: metIn(passed, results.length) },
  ];
}

function metIn(passed: number, total: number): string | null {
  return total === 1 ? null : `met in ${passed} of ${total} runs`;
}

/** A limit or a measurement of a threshold. */
export function inUnit(value: number, unit: ThresholdResult['unit']): string {
  if (unit === 'ms') return formatDuration(value);
  return unit === 'ratio' ? formatShare(value) : formatCount(value);
}

/** What a single run is judged by: its thresholds in one sentence; `null` when it has none. */
export function thresholdVerdict(run: RunRecord): { look: VerdictLook; sentence: string } | null {
  const results = run.loads.flatMap(({ thresholds }) => thresholds);
  const missed = results.filter(({ passed }) => !passed);
  if (results.length === 0) return null;
  if (missed.length === 0) {
    return { look: thresholdLook(true), sentence: `All ${countOf(results.length, 'threshold')} met.` };
  }
  const named = missed.slice(0, MOST_NAMED).map(missedText);
  const more = missed.length > MOST_NAMED ? [`and ${missed.length - MOST_NAMED} more`] : [];
  return {
    look: thresholdLook(false),
    sentence: `${missed.length} of ${countOf(results.length, 'threshold')} missed: ${[...named, ...more].join('; ')}.`,
  };
}

const MOST_NAMED = 3;

function missedText({ name, measured, limit, unit }: ThresholdResult): string {
  const value = measured === null ? 'nothing to judge' : inUnit(measured, unit);
  return `${name} ${value}, limit ${inUnit(limit, unit)}`;
}

/** Colours of a verdict, words of a threshold. */
export function thresholdLook(met: boolean): VerdictLook {
  return met
    ? { ...VERDICT_LOOK.improved, word: 'met', meaning: 'Every run met the threshold.' }
    : { ...VERDICT_LOOK.regressed, word: 'missed', meaning: 'A run missed the threshold.' };
}
