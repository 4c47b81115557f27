import { statementIdentity } from '../capture/statement-identity.ts';
import { countOf } from '../quantity.ts';
import { heardUse } from './growth-sample.ts';
import type { ProfiledDispatch } from './profiled-dispatches.ts';
import type { MeasuredStatement } from './slow-statements.ts';
import type { SlowStatements } from './statement-record.ts';

/** What the statements of all dispatches did, by the best account there is: the database's own, else the tap's. */
export interface StatementAccount {
  readonly clock: SlowStatements['clock'];
  readonly statements: readonly MeasuredStatement[];
}

/** The statement parser must have been loaded. */
export function accountOf(dispatches: readonly ProfiledDispatch[]): StatementAccount {
  const counted = dispatches.map((dispatch) => dispatch.counted);
  if (counted.every((one) => one !== null)) {
    return {
      clock: 'database',
      statements: counted.flat().map((one) => ({
        statement: statementIdentity(one.text),
        calls: one.calls,
        rows: one.rows,
        totalMs: one.databaseMs,
        blocks: one.blocksHit + one.blocksRead,
        walBytes: one.walBytes,
      })),
    };
  }
  const heard = dispatches.flatMap(({ waiting }) => heardUse(waiting).statements);
  return {
    clock: 'service',
    statements: heard.map(({ statement, calls, rows, waitMs }) => ({
      ...{ statement, calls, rows, totalMs: waitMs },
      ...{ blocks: null, walBytes: null },
    })),
  };
}

/**
 * Where the two accounts of a dispatch differ, in sentences: the tap has heard each statement, the database has counted
 * them. Empty when they are equal to the unit, statement by statement, or when there is only one account.
 */
export function accountDifferences({ offer, waiting, counted }: ProfiledDispatch): string[] {
  if (counted === null) return [];
  const heardCalls = new Map(heardUse(waiting).statements.map(({ statement, calls }) => [statement, calls]));
  const countedCalls = new Map<string, number>();
  for (const { text, calls } of counted) {
    const statement = statementIdentity(text);
    countedCalls.set(statement, (countedCalls.get(statement) ?? 0) + calls);
  }
  const where = offer.key;
  return [...new Set([...heardCalls.keys(), ...countedCalls.keys()])].flatMap((statement) => {
    const [heard, found] = [heardCalls.get(statement) ?? 0, countedCalls.get(statement) ?? 0];
    if (heard === found) return [];
    return `The dispatch of ${where}: the service sent ${countOf(heard, 'call')}, the database counted ${found}, of ${statement}`;
  });
}
