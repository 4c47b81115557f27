-- The tables of a database as JSON documents, one row each: for read-catalogue.ts. Reads catalogues alone, no rows of tables;
-- labels of a state that ANALYZE has noted come from pg_stats, which shows what the role may read.
SELECT jsonb_build_object(
  'schema', n.nspname,
  'name', c.relname,
  -- As the last VACUUM or ANALYZE counted them; null when neither has run (13 and older say 0).
  'rows', CASE WHEN c.reltuples > 0 THEN round(c.reltuples) END,
  'columns', (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
      'name', a.attname,
      'type', format_type(a.atttypid, a.atttypmod),
      'notNull', a.attnotnull,
      'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
      'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
      'generated', a.attgenerated <> '',
      'labels', coalesce(
        (SELECT jsonb_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = a.atttypid),
        (SELECT to_jsonb(s.most_common_vals::text::text[]) FROM pg_stats s
         WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname AND NOT s.inherited
           AND a.attname ~* '(status|state|phase|stage)$' AND t.typcategory = 'S'),
        '[]'),
      'isEnum', t.typtype = 'e'
    ) ORDER BY a.attnum), '[]')
    FROM pg_attribute a
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'primaryKey', (
    SELECT coalesce(jsonb_agg(a.attname ORDER BY k.place), '[]')
    FROM pg_constraint p, unnest(p.conkey) WITH ORDINALITY AS k (attnum, place), pg_attribute a
    WHERE p.conrelid = c.oid AND p.contype = 'p' AND a.attrelid = c.oid AND a.attnum = k.attnum),
  'checks', (
    SELECT coalesce(jsonb_agg(pg_get_constraintdef(p.oid) ORDER BY p.conname), '[]')
    FROM pg_constraint p WHERE p.conrelid = c.oid AND p.contype = 'c'),
  'foreignKeys', (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
      'columns', (SELECT jsonb_agg(a.attname ORDER BY k.place)
                  FROM unnest(f.conkey) WITH ORDINALITY AS k (attnum, place), pg_attribute a
                  WHERE a.attrelid = f.conrelid AND a.attnum = k.attnum),
      'schema', rn.nspname, 'table', r.relname
    ) ORDER BY f.conname), '[]')
    FROM pg_constraint f JOIN pg_class r ON r.oid = f.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace
    WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.conparentid = 0)
) AS described
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'rushhour_meta')
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
ORDER BY n.nspname, c.relname
