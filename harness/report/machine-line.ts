import { formatChangeInterval } from '../change.ts';
import type { ExperimentRecord, FalseAlarms, TimingComparison } from '../experiment-record.ts';
import { countOf, formatCount, formatDuration, formatShare } from '../quantity.ts';
import { decisiveGate } from './gate.ts';
import { type ExperimentInput, mainComparison } from './report-input.ts';

/** Where times decide: how often this machine cries wolf, and what the pairs say of themselves. The seed always. */
export function machineLine(input: ExperimentInput): string {
  const comparison = mainComparison(input);
  const gate = comparison === null ? null : decisiveGate(comparison);
  return [
    ...(gate === null ? [] : [falseAlarmText(input.experiment.falseAlarms), ...diagnosticTexts(gate)]),
    `seed ${input.experiment.plan.randomSeed}`,
  ].join(' · ');
}

/** "this machine: 3 false alarms in 212 A/A experiments (1.4 %, CI 0.3–4.1 %)" */
export function falseAlarmText({ experiments, alarms, ratio, low, high }: FalseAlarms): string {
  if (experiments === 0 || ratio === null) {
    return 'no A/A experiment has been made on this machine yet: `rushhour calibrate` measures its false alarm rate';
  }
  const said = `this machine: ${alarms === 0 ? 'no false alarm' : countOf(alarms, 'false alarm')} in ${countOf(experiments, 'A/A experiment')}`;
  const interval = low === null || high === null ? '' : `, CI ${percent(low)}–${percent(high)} %`;
  return `${said} (${percent(ratio)} %${interval})`;
}

/** With one decimal: an interval of a rate has no more to say. */
function percent(ratio: number): string {
  return (ratio * 100).toFixed(1).replace(/\.0$/, '');
}

function diagnosticTexts(gate: TimingComparison | null): string[] {
  const diagnostics = gate?.diagnostics ?? null;
  if (diagnostics === null) return [];
  const { slotEffect, lag1 } = diagnostics;
  return [
    ...(slotEffect === null ? [] : [`slot effect ${effectText(slotEffect)}`]),
    ...(lag1 === null ? [] : [`lag-1 ${lag1.toFixed(2)}`]),
  ];
}

const TIME = { unit: 'ms', higherIsBetter: false };

/** An effect on the log scale as percentages: "+0.2 % [−0.4 % to +0.7 %]". */
export function effectText({ estimate, low, high }: { estimate: number; low: number; high: number }): string {
  const change = Math.expm1(estimate) * 100;
  const size = Math.abs(change).toFixed(1);
  const sign = Number(size) === 0 ? '' : change < 0 ? '−' : '+';
  return `${sign}${size} % [${formatChangeInterval(Math.exp(low), Math.exp(high), TIME)}]`;
}

/** "81 % of 2 min 31 s under load", and how often it was resumed and pairs were measured again. */
export function timeText({ wallMs, loadShare, sittings, invalidPairs }: ExperimentRecord): string {
  const again = invalidPairs.length;
  return [
    `${formatShare(loadShare)} of ${formatDuration(wallMs)} under load`,
    ...(sittings > 1 ? [resumedText(sittings - 1)] : []),
    ...(again > 0 ? [`${countOf(again, 'pair')} measured again`] : []),
  ].join(', ');
}

function resumedText(times: number): string {
  if (times === 1) return 'resumed once';
  return times === 2 ? 'resumed twice' : `resumed ${formatCount(times)} times`;
}
