import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import { markNode } from './plan-marks.ts';
import type { Plan, PlanNode } from './statement-record.ts';

/** What is read of a node of EXPLAIN (FORMAT JSON); the names are PostgreSQL's (src/backend/commands/explain.c). */
const ExplainedNode = z.looseObject({
  'Node Type': z.string(),
  Operation: z.string().optional(),
  'Join Type': z.string().optional(),
  'Relation Name': z.string().optional(),
  'Index Name': z.string().optional(),
  'CTE Name': z.string().optional(),
  'Function Name': z.string().optional(),
  'Plan Rows': z.number(),
  'Actual Rows': z.number().optional(),
  'Actual Loops': z.number().optional(),
  'Actual Total Time': z.number().optional(),
  'Shared Hit Blocks': z.number().optional(),
  'Shared Read Blocks': z.number().optional(),
  'Temp Written Blocks': z.number().optional(),
  'Rows Removed by Filter': z.number().optional(),
  'Rows Removed by Join Filter': z.number().optional(),
  'Rows Removed by Index Recheck': z.number().optional(),
  'Heap Fetches': z.number().optional(),
  'Workers Launched': z.number().optional(),
  get Plans() {
    return z.array(ExplainedNode).optional();
  },
});
export type ExplainedNode = z.infer<typeof ExplainedNode>;

const Explained = z.tuple([
  z.looseObject({
    Plan: ExplainedNode,
    'Planning Time': z.number().optional(),
    'Execution Time': z.number().optional(),
    Settings: z.record(z.string(), z.string()).optional(),
    Triggers: z
      .array(
        z.looseObject({
          'Trigger Name': z.string(),
          'Constraint Name': z.string().optional(),
          Calls: z.number(),
          Time: z.number().optional(),
        }),
      )
      .optional(),
  }),
]);

/** Figures of one node, over all loops and without the nodes under it. */
export interface NodeFigures {
  readonly node: ExplainedNode;
  readonly loops: number;
  readonly rows: number;
  /** `null` when nodes were not timed. */
  readonly ownMs: number | null;
  readonly ownTempBlocks: number;
  /** Of the whole statement. */
  readonly executionMs: number;
  /** The plan has no other node. */
  readonly alone: boolean;
  /** A node above may stop asking for rows before all are read. */
  readonly cutShort: boolean;
}

interface Surroundings {
  readonly executionMs: number;
  readonly alone: boolean;
  readonly cutShort: boolean;
  /** Processes that share the node's loops: under a Gather its workers and the leader. */
  readonly processes: number;
}

/**
 * Reads what EXPLAIN (FORMAT JSON) answered, analysed or not, and marks the nodes that tell something. Values in
 * conditions are left out: with parameters, they are somebody's data.
 *
 * @param explained the parsed JSON
 * @throws HarnessError INTERNAL when it is no plan of PostgreSQL
 */
export function readPlan(explained: unknown): Plan {
  const parsed = Explained.safeParse(explained);
  if (!parsed.success) {
    throw new HarnessError(
      'INTERNAL',
      `EXPLAIN answered what is not a plan: ${z.prettifyError(parsed.error)}`,
    );
  }
  const [top] = parsed.data;
  const executionMs = top['Execution Time'] ?? top.Plan['Actual Total Time'] ?? 0;
  return {
    root: readNode(top.Plan, { executionMs, alone: !top.Plan.Plans?.length, cutShort: false, processes: 1 }),
    executionMs: top['Execution Time'] ?? null,
    planningMs: top['Planning Time'] ?? null,
    triggers: (top.Triggers ?? []).map((trigger) => ({
      name: trigger['Constraint Name'] ?? trigger['Trigger Name'],
      calls: trigger.Calls,
      ms: trigger.Time ?? 0,
    })),
    settings: top.Settings ?? {},
  };
}

function readNode(node: ExplainedNode, around: Surroundings): PlanNode {
  const under = surroundingsUnder(node, around);
  const loops = node['Actual Loops'];
  const figures = loops === undefined ? null : figuresOf(node, loops, around, under);
  return {
    type: typeOf(node),
    target: targetOf(node),
    condition: conditionOf(node),
    plannedRows: node['Plan Rows'],
    rows: figures?.rows ?? null,
    loops: loops ?? null,
    ownMs: figures?.ownMs ?? null,
    ownBlocks: node['Shared Hit Blocks'] === undefined ? null : ownOf(node, sharedBlocks),
    marks: figures ? markNode(figures) : [],
    children: (node.Plans ?? []).map((child) => readNode(child, under)),
  };
}

function surroundingsUnder(node: ExplainedNode, around: Surroundings): Surroundings {
  const workers = node['Workers Launched'] ?? 0;
  const gathers = node['Node Type'].startsWith('Gather');
  return {
    executionMs: around.executionMs,
    alone: around.alone,
    cutShort: around.cutShort || node['Node Type'] === 'Limit',
    processes: gathers ? workers + 1 : around.processes,
  };
}

function figuresOf(
  node: ExplainedNode,
  loops: number,
  around: Surroundings,
  under: Surroundings,
): NodeFigures {
  const timed = node['Actual Total Time'] !== undefined;
  const childMs = (node.Plans ?? []).reduce((sum, child) => sum + elapsedMs(child, under.processes), 0);
  return {
    node,
    loops,
    rows: Math.round((node['Actual Rows'] ?? 0) * loops),
    ownMs: timed ? Math.max(0, elapsedMs(node, around.processes) - childMs) : null,
    ownTempBlocks: ownOf(node, (one) => one['Temp Written Blocks'] ?? 0),
    executionMs: around.executionMs,
    alone: around.alone,
    cutShort: around.cutShort,
  };
}

/** EXPLAIN gives the mean of all loops, and processes that work side by side loop at the same time. */
function elapsedMs(node: ExplainedNode, processes: number): number {
  return ((node['Actual Total Time'] ?? 0) * (node['Actual Loops'] ?? 0)) / processes;
}

/** Block counters hold those of the nodes under a node, and are over all loops. */
function ownOf(node: ExplainedNode, pick: (node: ExplainedNode) => number): number {
  return Math.max(0, pick(node) - (node.Plans ?? []).reduce((sum, child) => sum + pick(child), 0));
}

function sharedBlocks(node: ExplainedNode): number {
  return (node['Shared Hit Blocks'] ?? 0) + (node['Shared Read Blocks'] ?? 0);
}

function typeOf(node: ExplainedNode): string {
  const type = node['Node Type'];
  if (type === 'ModifyTable') return node.Operation ?? type;
  const join = node['Join Type'];
  if (!join || join === 'Inner') return type;
  return type.includes('Join') ? type.replace('Join', `${join} Join`) : `${type} (${join})`;
}

function targetOf(node: ExplainedNode): string | null {
  const relation = node['Relation Name'] ?? node['CTE Name'] ?? node['Function Name'];
  const index = node['Index Name'];
  if (index && relation) return `${relation} by ${index}`;
  return index ?? relation ?? null;
}

const CONDITIONS = {
  'Index Cond': 'looks up',
  'Recheck Cond': 'checks again',
  'Hash Cond': 'joins by',
  'Merge Cond': 'joins by',
  'Join Filter': 'joins where',
  Filter: 'filters by',
  'Sort Key': 'sorts by',
  'Group Key': 'groups by',
} as const;

function conditionOf(node: ExplainedNode): string | null {
  const parts = Object.entries(CONDITIONS).flatMap(([key, words]) => {
    const value = node[key];
    if (typeof value !== 'string' && !Array.isArray(value)) return [];
    return [`${words} ${withoutValues(Array.isArray(value) ? value.join(', ') : value)}`];
  });
  return parts.length === 0 ? null : parts.join(', ');
}

/** Values of a deparsed expression as `?`. Quoted names stay, and so do digits inside names and of parameters. */
export function withoutValues(expression: string): string {
  return expression.replace(/"(?:[^"]|"")*"|E?'(?:[^']|'')*'|(?<![\w$])\d[\d.]*(?:e[+-]?\d+)?/gi, (found) =>
    found.startsWith('"') ? found : '?',
  );
}
