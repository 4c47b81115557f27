import { nameStatement } from '../experiment/statement-text.ts';
import { isMarked, planText } from '../profiling/plan-text.ts';
import type { PlanNode, PlanOrReason, StatementPlans } from '../profiling/statement-record.ts';
import { formatCount, formatDuration } from '../quantity.ts';
import type { Block, Section } from './view/blocks.ts';

/** The plans of one statement: executed, with its marks, and the generic one where it is another. */
export function planSection({ statement, analysed, generic, call }: StatementPlans, number: number): Section {
  return {
    id: `plan-${number}`,
    heading: `${number}. ${nameStatement(statement)}`,
    lead: null,
    blocks: [
      { kind: 'sql', text: statement },
      ...analysedBlocks(analysed, call),
      ...genericBlocks(generic, analysed),
    ],
  };
}

function analysedBlocks(analysed: PlanOrReason, call: StatementPlans['call']): Block[] {
  if ('unavailable' in analysed) return [{ kind: 'missing', text: `Not executed: ${analysed.unavailable}.` }];
  const which =
    call && call.of > 1 ? `Call ${formatCount(call.number)} of ${formatCount(call.of)}` : 'Its call';
  const times = [
    ...(analysed.executionMs === null ? [] : [`executed in ${formatDuration(analysed.executionMs)}`]),
    ...(analysed.planningMs === null ? [] : [`planned in ${formatDuration(analysed.planningMs)}`]),
  ].join(', ');
  const marked = isMarked(analysed) ? '' : ' No node is marked.';
  return [
    { kind: 'paragraph', text: `${which}, ${times}.${marked}` },
    { kind: 'plan', text: planText(analysed) },
  ];
}

function genericBlocks(generic: PlanOrReason, analysed: PlanOrReason): Block[] {
  if ('unavailable' in generic) {
    const same = 'unavailable' in analysed && analysed.unavailable === generic.unavailable;
    return same ? [] : [{ kind: 'missing', text: `No generic plan: ${generic.unavailable}.` }];
  }
  if ('root' in analysed && shapeOf(generic.root) === shapeOf(analysed.root)) {
    return [{ kind: 'paragraph', text: 'The generic plan, made without parameters, is the same.' }];
  }
  return [
    { kind: 'paragraph', text: 'The generic plan, made without parameters, is another:' },
    { kind: 'plan', text: planText(generic) },
  ];
}

/** Nodes with what they read, without any number. */
function shapeOf({ type, target, children }: PlanNode): string {
  return `${type} ${target ?? ''}(${children.map(shapeOf).join()})`;
}

/**
 * Planner settings that differ from the default, with their values, as the plans were made with. Statements of one service
 * may differ when it sets some of its own.
 */
export function settingsOf(plans: readonly StatementPlans[]): string[] {
  const analysed = plans.flatMap(({ analysed: plan }) => ('root' in plan ? [plan] : []));
  const named = analysed.flatMap(({ settings }) =>
    Object.entries(settings).map(([name, value]) => `${name} = ${value}`),
  );
  return [...new Set(named)].sort();
}
