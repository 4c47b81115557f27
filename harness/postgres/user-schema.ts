/** Condition on `pg_namespace n`: a schema that people made, not one of the server's or the tool's own. */
export const USER_SCHEMA = `n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'rushhour_meta')`;
