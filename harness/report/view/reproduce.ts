import type { ExperimentPlan, ExperimentRecord, Part } from '../../experiment-record.ts';
import { countOf, formatInstant, formatShare } from '../../quantity.ts';
import { type ReportInput, recordOf } from '../report-input.ts';
import { blocks, type Section } from './blocks.ts';
import { changesText } from './on-purpose.ts';
import { reproduceCommand } from './reproduce-command.ts';

/** How to measure it again. */
export function reproduceSection(input: ReportInput): Section {
  const record = recordOf(input);
  const facts = [
    { name: 'Result', value: record.id },
    { name: 'Measured', value: `${formatInstant(record.startedAt)} to ${formatInstant(record.endedAt)}` },
    ...(input.kind === 'run' ? [] : planFacts(input.experiment)),
  ];
  return {
    id: 'reproduce',
    heading: 'Measure it again',
    lead: 'Counters will come out the same; times depend on the machine and on what else it does.',
    blocks: blocks({ kind: 'command', text: reproduceCommand(input) }, { kind: 'facts', facts }),
  };
}

function planFacts({ plan }: ExperimentRecord) {
  const changed = changesText(plan.arms);
  return [
    ...plan.parts.map((part) => ({ name: `Part ${part}`, value: partText(plan, part) })),
    ...(plan.parts.includes('pair') ? [{ name: 'Decides', value: gateText(plan) }] : []),
    ...(changed.length === 0 ? [] : [{ name: 'On purpose', value: changed.join(' ') }]),
    { name: 'Order seed', value: String(plan.randomSeed) },
    ...plan.parts.map((part) => ({ name: `Order, ${part}`, value: orderText(plan, part) })),
  ];
}

function partText({ countRepeats, probe, round, looks, load }: ExperimentPlan, part: Part): string {
  switch (part) {
    case 'count':
      return `${countOf(countRepeats, 'repeat')} of ${countOf(probe.dispatches, 'dispatch', 'dispatches')} alone, after ${probe.warmUp} that are not counted`;
    case 'pair':
      return `${looks.map(({ pairs }) => pairs).join(', ')} pairs at the looks; a pair is ${countOf(round.dispatches, 'dispatch', 'dispatches')} a side in slices of ${round.sliceSize}, after ${round.warmUp} to warm up`;
    case 'load':
      return `${countOf(load.pairs, 'pair')} under ${load.generators.join(' and ') || 'no generator'}`;
  }
}

function gateText({ gate, alpha, confirm }: ExperimentPlan): string {
  const second = confirm ? '; a regression is confirmed by a second experiment' : '';
  return `${gate.join(', ')}, declared beforehand; at most ${formatShare(alpha)} chance of any false alarm${second}`;
}

/** "baseline, optimised in 1, 4; optimised, baseline in 2, 3" */
function orderText({ slots }: ExperimentPlan, part: Part): string {
  const pairs = [...new Set(slots.filter((slot) => slot.part === part).map(({ pair }) => pair))];
  const byOrder = new Map<string, number[]>();
  for (const pair of pairs.sort((a, b) => a - b)) {
    const order = slots
      .filter((slot) => slot.part === part && slot.pair === pair)
      .sort((a, b) => a.slot - b.slot)
      .map(({ variant }) => variant)
      .join(', ');
    byOrder.set(order, [...(byOrder.get(order) ?? []), pair]);
  }
  return [...byOrder].map(([order, found]) => `${order} in ${found.join(', ')}`).join('; ') || 'none planned';
}
