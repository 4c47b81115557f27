/**
 * A cheap look at many candidates: each is created on a clone in a transaction that is rolled back, and the planner is
 * asked whether it would use it. Its cost estimates choose what is worth measuring; they decide nothing.
 */
import type pg from 'pg';
import type { CapturedStatement } from '../capture/transcript.ts';
import { messageOf } from '../errors.ts';
import { sendMessage } from '../replay/replayed-message.ts';
import type { IndexCandidate } from './candidates.ts';
import { createIndexSql } from './index-definition.ts';

/** One statement of the workload, as often as it ran, with some of the parameters it ran with. */
export interface PlannedStatement {
  readonly calls: number;
  readonly samples: readonly CapturedStatement[];
  /** `schema.table` of those it reads. */
  readonly tables: ReadonlySet<string>;
}

export interface ScreenedCandidate {
  readonly candidate: IndexCandidate;
  /** Planner's cost of the statements that would use it, all their calls together, by place in the list. */
  readonly costs: ReadonlyMap<number, number>;
  /** Why it could not be created; null when it could. */
  readonly failure: string | null;
}

export interface Screening {
  readonly screened: readonly ScreenedCandidate[];
  /** Planner's cost of each statement without a candidate, all its calls together; null: it cannot be explained. */
  readonly costsBefore: readonly (number | null)[];
}

/**
 * @param client a session of a clone that nothing else uses; the clone is as before afterwards
 * @param onCandidate called before each; it may throw to end the screening
 */
export async function screenCandidates(
  client: pg.Client,
  candidates: readonly IndexCandidate[],
  statements: readonly PlannedStatement[],
  onCandidate: (done: number) => void,
): Promise<Screening> {
  const costsBefore: (number | null)[] = [];
  for (const statement of statements) costsBefore.push((await explain(client, statement))?.cost ?? null);
  const screened: ScreenedCandidate[] = [];
  for (const [index, candidate] of candidates.entries()) {
    onCandidate(index);
    screened.push(await screenOne(client, candidate, { statements, costsBefore }));
  }
  return { screened, costsBefore };
}

async function screenOne(
  client: pg.Client,
  candidate: IndexCandidate,
  {
    statements,
    costsBefore,
  }: { statements: readonly PlannedStatement[]; costsBefore: Screening['costsBefore'] },
): Promise<ScreenedCandidate> {
  const table = `${candidate.schema}.${candidate.table}`;
  const costs = new Map<number, number>();
  await client.query('BEGIN');
  try {
    await client.query(createIndexSql(candidate));
    for (const [place, statement] of statements.entries()) {
      if (costsBefore[place] === null || !statement.tables.has(table)) continue;
      const explained = await explain(client, statement);
      if (explained?.indexes.has(candidate.name)) costs.set(place, explained.cost);
    }
    return { candidate, costs, failure: null };
  } catch (error) {
    return { candidate, costs: new Map(), failure: messageOf(error) };
  } finally {
    await client.query('ROLLBACK');
  }
}

interface Explained {
  /** All calls together, in the planner's unit. */
  readonly cost: number;
  readonly indexes: ReadonlySet<string>;
}

/** Null when a statement cannot be explained here: it needs a temporary table of its session, for example. */
async function explain(client: pg.Client, { samples, calls }: PlannedStatement): Promise<Explained | null> {
  const indexes = new Set<string>();
  let cost = 0;
  for (const sample of samples) {
    const plan = await explainOne(client, sample);
    if (!plan) return null;
    cost += (plan['Total Cost'] * calls) / samples.length;
    collectIndexes(plan, indexes);
  }
  return { cost, indexes };
}

interface PlanNode {
  readonly 'Total Cost': number;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

async function explainOne(client: pg.Client, sample: CapturedStatement): Promise<PlanNode | null> {
  const lines: string[] = [];
  const text = `EXPLAIN (FORMAT JSON) ${sample.text}`;
  const [outcome] = await sendMessage(client, { ...sample, text }, (row) => lines.push(row[0] ?? ''));
  if (!outcome || outcome.sqlState !== null) return null;
  const [explained] = JSON.parse(lines.join('\n')) as [{ Plan?: PlanNode }];
  return explained.Plan ?? null;
}

function collectIndexes(node: PlanNode, found: Set<string>): void {
  if (node['Index Name'] !== undefined) found.add(node['Index Name']);
  for (const child of node.Plans ?? []) collectIndexes(child, found);
}
