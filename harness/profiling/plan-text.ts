import { countOf, formatCount, formatDuration } from '../quantity.ts';
import type { Plan, PlanNode } from './statement-record.ts';

/** Signs of marks: one for telling, two for extreme. */
const SIGN = { telling: '!', extreme: '!!' } as const;

/**
 * A plan as lines of text: each node under the one that reads from it, its marks below it.
 *
 * ```
 * Sort: sorts by scheduled_time · 20 rows · 0.3 ms
 *   Seq Scan on booking: filters by (status = ?) · 20 rows · 12 ms · 1,200 blocks
 *     !! reads 80,000 rows of booking to keep 20 (0.025 %)
 * ```
 */
export function planText({ root, triggers }: Plan): string {
  const checks = triggers.map(
    ({ name, calls, ms }) => `Trigger ${name}: ${countOf(calls, 'call')} · ${formatDuration(ms)}`,
  );
  return [...nodeLines(root, 0), ...checks].join('\n');
}

function nodeLines(node: PlanNode, depth: number): string[] {
  const indent = '  '.repeat(depth);
  return [
    `${indent}${nodeLine(node)}`,
    ...node.marks.map(({ severity, sentence }) => `${indent}  ${SIGN[severity]} ${sentence}`),
    ...node.children.flatMap((child) => nodeLines(child, depth + 1)),
  ];
}

function nodeLine(node: PlanNode): string {
  const name = nodeName(node);
  const head = node.condition === null ? name : `${name}: ${node.condition}`;
  return [head, ...figures(node)].join(' · ');
}

/** "Seq Scan on booking" */
function nodeName({ type, target }: PlanNode): string {
  return target === null ? type : `${type} on ${target}`;
}

/** Nodes that write: they return rows only with RETURNING, so 0 would be taken for what they wrote. */
const WRITING = new Set(['Insert', 'Update', 'Delete', 'Merge']);

function figures({ type, plannedRows, rows, loops, ownMs, ownBlocks }: PlanNode): string[] {
  if (rows === null) return [`${countOf(plannedRows, 'row')} planned`];
  if (loops === 0) return ['never executed'];
  const counted = countOf(rows, 'row') + (loops === 1 ? '' : ` in ${formatCount(loops ?? 0)} loops`);
  return [
    ...(rows === 0 && WRITING.has(type) ? [] : [counted]),
    ...(ownMs === null ? [] : [formatDuration(ownMs)]),
    ...(ownBlocks ? [countOf(ownBlocks, 'block')] : []),
  ];
}

/** The node that takes most time, in short: "Seq Scan on booking: reads 80,000 rows of booking to keep none". */
export function planLine({ root }: Plan): string {
  const [costliest = root] = nodesOf(root).toSorted((a, b) => (b.ownMs ?? 0) - (a.ownMs ?? 0));
  const mark = costliest.marks.find((one) => one.severity === 'extreme') ?? costliest.marks[0];
  if (mark !== undefined) return `${nodeName(costliest)}: ${mark.sentence}`;
  const { rows, plannedRows } = costliest;
  const figure = rows === null ? `${countOf(plannedRows, 'row')} planned` : countOf(rows, 'row');
  return rows === 0 && WRITING.has(costliest.type)
    ? nodeName(costliest)
    : `${nodeName(costliest)}, ${figure}`;
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...node.children.flatMap(nodesOf)];
}

/** Whether any node of a plan is marked. */
export function isMarked({ root }: Plan): boolean {
  return nodesOf(root).some(({ marks }) => marks.length > 0);
}
