import { median } from './dispatch-summary.ts';
import type { VariantRuns } from './report-input.ts';

/** A statement's cost in one dispatch: the median over runs of its sum in a probe ÷ the probe's dispatches. */
export interface StatementPerDispatch {
  text: string;
  calls: number;
  rows: number;
  blocks: number;
  walBytes: number;
  databaseMs: number;
}

/** Statements of a variant's probes by text, most called first; empty when none was probed. */
export function statementsPerDispatch(group: VariantRuns): StatementPerDispatch[] {
  const probes = group.runs.flatMap(({ run }) => (run.probe?.dispatches.length ? [run.probe] : []));
  const texts = new Set(probes.flatMap((probe) => probe.statements.map(({ text }) => statementKey(text))));
  const perDispatch = (text: string, field: Exclude<keyof StatementPerDispatch, 'text'>) =>
    median(
      probes.map((probe) => {
        const costs = probe.statements.filter((statement) => statementKey(statement.text) === text);
        return costs.reduce((sum, cost) => sum + cost[field], 0) / probe.dispatches.length;
      }),
    ) ?? 0;
  return [...texts]
    .map((text) => ({
      text,
      calls: perDispatch(text, 'calls'),
      rows: perDispatch(text, 'rows'),
      blocks: perDispatch(text, 'blocks'),
      walBytes: perDispatch(text, 'walBytes'),
      databaseMs: perDispatch(text, 'databaseMs'),
    }))
    .sort((a, b) => b.calls - a.calls || b.databaseMs - a.databaseMs);
}

function statementKey(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** One statement in two variants; one that a variant never runs costs nothing there. */
export interface PairedStatement {
  text: string;
  before: StatementPerDispatch;
  after: StatementPerDispatch;
}

/** The statements of two variants side by side, most called first. */
export function pairedStatements(
  before: readonly StatementPerDispatch[],
  after: readonly StatementPerDispatch[],
): PairedStatement[] {
  const none = { calls: 0, rows: 0, blocks: 0, walBytes: 0, databaseMs: 0 };
  const among = (statements: readonly StatementPerDispatch[], text: string) =>
    statements.find((statement) => statement.text === text) ?? { text, ...none };
  return [...new Set([...before, ...after].map(({ text }) => text))]
    .map((text) => ({ text, before: among(before, text), after: among(after, text) }))
    .sort(
      (a, b) =>
        Math.max(b.before.calls, b.after.calls) - Math.max(a.before.calls, a.after.calls) ||
        b.before.databaseMs - a.before.databaseMs,
    );
}

export function isTransactionControl(text: string): boolean {
  return /^(begin|commit|rollback|start transaction|savepoint|release)\b/i.test(text.trim());
}
