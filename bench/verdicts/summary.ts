import { shorten } from '../../harness/quantity.ts';
import { falseAlarmRate } from '../../harness/statistics/false-alarm-rate.ts';
import { median } from '../../harness/statistics/hodges-lehmann.ts';
import { SLOWED_EACH, type Step } from './steps.ts';
import type { VerifiedStep } from './verification-ledger.ts';

/** The bars of the project: how many A/A experiments, and how many slowdowns have to be found. */
const FEWEST_SAME = 60;
const FOUND_OF_TEN = { 'slower-10': 10, 'slower-5': 8 } as const;

export interface VerificationSummary {
  readonly lines: readonly string[];
  readonly met: boolean;
}

/** What the steps so far say. Pure. */
export function summarise(steps: readonly Step[], done: readonly VerifiedStep[]): VerificationSummary {
  const parts = [
    sameSummary(done),
    slowedSummary(done, 'slower-10', '10 %'),
    slowedSummary(done, 'slower-5', '5 %'),
    ...(['dropped-index', 'n-plus-one', 'commit-per-row'] as const).map((kind) => countSummary(done, kind)),
    mirrorSummary(steps, done),
  ];
  return {
    lines: parts.map(({ line, met }) => `${met ? 'ok    ' : 'MISSED'}  ${line}`),
    met: parts.every((part) => part.met),
  };
}

interface Part {
  readonly line: string;
  readonly met: boolean;
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

function sameSummary(done: readonly VerifiedStep[]): Part {
  const same = done.filter((step) => step.kind === 'same');
  const alarms = same.filter((step) => !step.met).length;
  const before = same.filter((step) =>
    step.gate.some(({ verdict }) => verdict === 'regressed' || verdict === 'improved'),
  ).length;
  const rate = falseAlarmRate(alarms, same.length);
  const gates = same.flatMap((step) => step.gate);
  const misses = gates.filter(
    ({ low, high }) => low !== null && high !== null && (low > 1 || high < 1),
  ).length;
  const noise = gates.flatMap((one) => one.noise ?? []);
  const interval = rate ? `95 % interval ${percent(rate.low)} to ${percent(rate.high)}` : 'none yet';
  const equivalent = same.filter((step) => step.verdict === 'equivalent').length;
  return {
    line:
      `A/A: ${alarms} false alarms in ${same.length} experiments (${interval}; ${before} before confirmation), bar 0 in ${FEWEST_SAME} or more; ` +
      `${equivalent} equivalent; ${misses} of ${gates.length} gate intervals left out no change; ` +
      `noise of a pair ${noise.length > 0 ? percent(median(noise)) : '–'} (median)`,
    met: same.length >= FEWEST_SAME && alarms === 0,
  };
}

function slowedSummary(done: readonly VerifiedStep[], kind: keyof typeof FOUND_OF_TEN, size: string): Part {
  const slowed = done.filter((step) => step.kind === kind);
  const found = slowed.filter((step) => step.met).length;
  const regressed = slowed.filter((step) => step.verdict === 'regressed').length;
  const ratios = slowed.flatMap((step) => step.gate[0]?.ratio ?? []);
  const estimate = ratios.length > 0 ? `, estimated at +${percent(median(ratios) - 1)} (median)` : '';
  return {
    line: `slowed by ${size}: found ${found} of ${slowed.length}, ${regressed} of them regressed and confirmed${estimate}; bar ${FOUND_OF_TEN[kind]} of ${SLOWED_EACH}`,
    met: slowed.length >= SLOWED_EACH && found >= FOUND_OF_TEN[kind],
  };
}

function countSummary(done: readonly VerifiedStep[], kind: Step['kind']): Part {
  const step = done.find((one) => one.kind === kind);
  return {
    line: `${kind}: ${step ? `named as ${shorten(step.said, 150)}` : 'not run yet'}`,
    met: step?.met ?? false,
  };
}

/** Exchanged labels turn the ratio over: the interval of one and the inverse of the other must meet. */
function mirrorSummary(steps: readonly Step[], done: readonly VerifiedStep[]): Part {
  const byKey = new Map(done.map((step) => [step.key, step]));
  const pairs = steps.flatMap(({ key, mirrors }) => {
    const [swapped, plain] = [byKey.get(key), mirrors === null ? undefined : byKey.get(mirrors)];
    return swapped && plain ? [{ swapped, plain }] : [];
  });
  const metrics = pairs.flatMap(({ swapped, plain }) =>
    plain.gate.flatMap((one) => {
      const other = swapped.gate.find(({ metric }) => metric === one.metric);
      return other ? [agree(one, other)] : [];
    }),
  );
  const agreeing = metrics.filter(Boolean).length;
  return {
    line: `labels exchanged: ${agreeing} of ${metrics.length} gate metrics of ${pairs.length} mirrored A/A agree within their intervals`,
    met: pairs.length > 0 && agreeing === metrics.length,
  };
}

function agree(plain: VerifiedStep['gate'][number], swapped: VerifiedStep['gate'][number]): boolean {
  if (plain.low === null || plain.high === null || swapped.low === null || swapped.high === null)
    return false;
  return plain.low <= 1 / swapped.low && 1 / swapped.high <= plain.high;
}
