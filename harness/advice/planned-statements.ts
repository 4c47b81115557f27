import { statementIdentity } from '../capture/statement-identity.ts';
import type { CapturedStatement } from '../capture/transcript.ts';
import type { Catalogue } from './catalogue.ts';
import { columnUsesOf } from './column-uses.ts';
import type { TableUse } from './scope.ts';
import type { PlannedStatement } from './screen.ts';
import { unitCounts, type Workload } from './workload.ts';

export interface ReadWorkload {
  /** Those that read a table of the catalogue. */
  readonly statements: readonly PlannedStatement[];
  readonly uses: readonly TableUse[];
}

/** The different statements of a workload and what they search by. Calls are those of one unit of each name, together. */
export function readStatements(workload: Workload, catalogue: Catalogue): ReadWorkload {
  const counts = unitCounts(workload);
  const runs = new Map<string, { calls: number; captured: CapturedStatement[] }>();
  for (const { unit, transcript } of workload.units) {
    for (const statement of transcript.statements) {
      const identity = statementIdentity(statement.text);
      const known = runs.get(identity) ?? { calls: 0, captured: [] };
      known.calls += 1 / (counts.get(unit) ?? 1);
      known.captured.push(statement);
      runs.set(identity, known);
    }
  }
  const statements: PlannedStatement[] = [];
  const uses: TableUse[] = [];
  for (const { calls, captured } of runs.values()) {
    const own = columnUsesOf(captured[0]?.text ?? '', catalogue);
    if (own.length === 0) continue;
    uses.push(...own);
    const tables = new Set(own.map(({ table: { schema, name } }) => `${schema}.${name}`));
    statements.push({ calls, samples: firstAndLast(captured), tables });
  }
  return { statements, uses };
}

/** Two executions far apart: a plan may depend on the parameters. */
function firstAndLast(captured: readonly CapturedStatement[]): CapturedStatement[] {
  return captured.filter((_, index) => index === 0 || index === captured.length - 1);
}
