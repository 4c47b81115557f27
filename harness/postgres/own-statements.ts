/**
 * Stands in statements that the harness itself sends to a database in which a service's are counted: whatever holds it is left out of
 * every count. `pg_stat_statements` keeps comments that are inside a statement (a test says so on each major version).
 */
export const OWN_COMMENT = '/* rushhour */';
