import type { IndexDefinition } from './index-definition.ts';
import { fieldsOf, listOf, nodeOf, parseStatements } from './parse-tree.ts';

/** The plain indexes that the text of a migration creates. Unique, partial and expression indexes are left out. */
export function indexesOfMigration(text: string, schema: string): IndexDefinition[] {
  return parseStatements(text).flatMap(({ kind, fields }) => {
    if (kind !== 'IndexStmt' || fields.unique || fields.whereClause) return [];
    const relation = fieldsOf(fields.relation) ?? {};
    const keys = listOf(fields.indexParams).map((param) => {
      const { name, ordering } = nodeOf(param)?.fields ?? {};
      return typeof name === 'string' ? { column: name, descending: ordering === 'SORTBY_DESC' } : null;
    });
    if (keys.includes(null)) return [];
    return [
      {
        schema: typeof relation.schemaname === 'string' ? relation.schemaname : schema,
        table: String(relation.relname),
        name: String(fields.idxname),
        keys: keys.filter((key) => key !== null),
      },
    ];
  });
}
