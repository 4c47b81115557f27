import { nameStatement } from '../experiment/statement-text.ts';
import { isMarked, planText } from '../profiling/plan-text.ts';
import type { PlanNode, PlanOrReason, StatementPlans } from '../profiling/statement-record.ts';
import { formatCount, formatDuration } from '../quantity.ts';
import { escapeMarkdown, markdownFence } from './escape.ts';

/** The plans of one statement as Markdown: executed, with its marks, and the generic one where it is another. */
export function planSection({ statement, analysed, generic, call }: StatementPlans, number: number): string {
  return [
    `### ${number}. ${escapeMarkdown(nameStatement(statement))}`,
    markdownFence(statement, 'sql'),
    ...analysedText(analysed, call),
    ...genericText(generic, analysed),
  ].join('\n\n');
}

function analysedText(analysed: PlanOrReason, call: StatementPlans['call']): string[] {
  if ('unavailable' in analysed) return [`*Not executed: ${escapeMarkdown(analysed.unavailable)}.*`];
  const which =
    call && call.of > 1 ? `Call ${formatCount(call.number)} of ${formatCount(call.of)}` : 'Its call';
  const times = [
    ...(analysed.executionMs === null ? [] : [`executed in ${formatDuration(analysed.executionMs)}`]),
    ...(analysed.planningMs === null ? [] : [`planned in ${formatDuration(analysed.planningMs)}`]),
  ].join(', ');
  const marked = isMarked(analysed) ? '' : ' No node is marked.';
  return [`${which}, ${times}.${marked}`, markdownFence(planText(analysed), 'text')];
}

function genericText(generic: PlanOrReason, analysed: PlanOrReason): string[] {
  if ('unavailable' in generic) {
    const same = 'unavailable' in analysed && analysed.unavailable === generic.unavailable;
    return same ? [] : [`*No generic plan: ${escapeMarkdown(generic.unavailable)}.*`];
  }
  if ('root' in analysed && shapeOf(generic.root) === shapeOf(analysed.root)) {
    return ['The generic plan, made without parameters, is the same.'];
  }
  return ['The generic plan, made without parameters, is another:', markdownFence(planText(generic), 'text')];
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
