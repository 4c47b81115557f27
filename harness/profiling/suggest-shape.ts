import type { FindingKind, Suggestion } from './finding.ts';
import { parseFolded } from './folded-statement.ts';
import type { Dimension } from './growth-sample.ts';
import { lookupShape } from './lookup-shape.ts';
import { writeShape } from './write-shape.ts';

/**
 * The shape that would do the same with fewer calls: a sentence, and a sketch made of the statement itself where its form is
 * known. A sketch is no patch: it leaves out how the service hands the rows over. The parser must have been loaded.
 *
 * @param statement folded text: `$` for parameters and constants
 * @param dimension what the calls grow with: its name tells the key that changes from call to call
 */
export function suggestShape(
  kind: FindingKind,
  statement: string | null,
  dimension: Dimension | null,
): Suggestion {
  switch (kind) {
    case 'commit-per-row':
      return {
        sentence:
          'Write all rows in one transaction: each commit waits until the log is on disk. One statement for all rows is one ' +
          'transaction by itself.',
        sql: 'BEGIN;\n-- every row\nCOMMIT;',
      };
    case 'transaction-per-row':
      return {
        sentence:
          'Open one transaction around the loop: BEGIN and COMMIT are a wait each, whatever is between them.',
        sql: 'BEGIN;\n-- the whole loop\nCOMMIT;',
      };
    case 'redundant-query':
      return {
        sentence:
          'Ask once before the loop and keep the answer, or cache it, unless what it reads is changed in between.',
        sql: null,
      };
    case 'n-times-m': {
      const inner = statement === null ? OTHERWISE : (statementShape(statement, dimension) ?? OTHERWISE);
      return { ...inner, sentence: `This is a loop within a loop. ${inner.sentence}` };
    }
    default:
      return statement === null ? OTHERWISE : (statementShape(statement, dimension) ?? OTHERWISE);
  }
}

const OTHERWISE: Suggestion = {
  sentence:
    'Do it once for all rows: hand the keys over as an array, or join it to the query that lists them.',
  sql: null,
};

function statementShape(statement: string, dimension: Dimension | null): Suggestion | null {
  const parsed = parseFolded(statement);
  if (parsed === null) return null;
  return sequenceShape(statement) ?? lookupShape(parsed, dimension) ?? writeShape(parsed, dimension);
}

const NEXT_VALUE = /^SELECT\s+nextval\s*\(/i;

function sequenceShape(statement: string): Suggestion | null {
  if (!NEXT_VALUE.test(statement)) return null;
  return {
    sentence: 'Take all numbers at once, or let the INSERT take them by the default of its column.',
    sql: 'SELECT nextval($1)\nFROM generate_series(1, $2)',
  };
}
