-- The tables that people made in this database, with all that decides whether a row fits: one row a table, ordered by name.
WITH RECURSIVE base_type AS (
  -- Down to the type below a domain, or a domain over a domain.
  SELECT t.oid, t.oid AS below, t.typtype, -1 AS typmod, false AS domain_not_null, false AS domain_default, 0 AS depth
  FROM pg_type t
  UNION ALL
  SELECT b.oid, t.typbasetype, u.typtype, CASE WHEN b.typmod >= 0 THEN b.typmod ELSE t.typtypmod END,
         b.domain_not_null OR t.typnotnull, b.domain_default OR t.typdefault IS NOT NULL, b.depth + 1
  FROM base_type b JOIN pg_type t ON t.oid = b.below JOIN pg_type u ON u.oid = t.typbasetype
  WHERE b.typtype = 'd'
), resolved AS (
  SELECT b.*, e.oid AS element FROM base_type b JOIN pg_type t ON t.oid = b.below
  LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
  WHERE b.typtype <> 'd'
), columns AS (
  SELECT a.attrelid, a.attnum, json_build_object(
    'name', a.attname,
    'type', coalesce(v.typname, t.typname),
    'declared', format_type(a.atttypid, a.atttypmod),
    'array', r.element IS NOT NULL,
    'notNull', a.attnotnull OR r.domain_not_null,
    'hasDefault', (a.atthasdef AND a.attgenerated = '') OR r.domain_default,
    'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
    'generated', a.attgenerated <> '',
    'modifier', CASE WHEN a.atttypmod >= 0 THEN a.atttypmod ELSE r.typmod END,
    'labels', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e
               WHERE e.enumtypid = coalesce(v.oid, t.oid)),
    -- Identity and serial own their sequence (or it them); a default that only uses one depends on it.
    'sequence', (SELECT format('%I.%I', sn.nspname, s.relname)
                 FROM pg_depend d JOIN pg_class s ON s.relkind = 'S' AND s.oid IN (d.objid, d.refobjid)
                 JOIN pg_namespace sn ON sn.oid = s.relnamespace
                 LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
                 WHERE (d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_class'::regclass
                        AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum AND d.deptype IN ('a', 'i'))
                    OR (d.refclassid = 'pg_class'::regclass AND d.refobjid = s.oid
                        AND f.adrelid = a.attrelid AND f.adnum = a.attnum)
                 LIMIT 1)
  ) AS described
  FROM pg_attribute a
  JOIN resolved r ON r.oid = a.atttypid
  JOIN pg_type t ON t.oid = r.below
  LEFT JOIN pg_type v ON v.oid = r.element
  WHERE a.attnum > 0 AND NOT a.attisdropped
)
SELECT n.nspname AS schema, c.relname AS name,
  (SELECT json_agg(k.described ORDER BY k.attnum) FROM columns k WHERE k.attrelid = c.oid) AS columns,
  coalesce((SELECT json_agg(json_build_object(
      'kind', CASE k.contype WHEN 'p' THEN 'primary' ELSE 'unique' END, 'name', k.conname,
      'columns', (SELECT json_agg(a.attname ORDER BY u.at) FROM unnest(k.conkey) WITH ORDINALITY u (attnum, at)
                  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.attnum)) ORDER BY k.conname)
    FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u')), '[]') AS keys,
  coalesce((SELECT json_agg(json_build_object(
      'name', k.conname, 'deferrable', k.condeferrable, 'schema', fn.nspname, 'table', f.relname,
      'columns', (SELECT json_agg(a.attname ORDER BY u.at) FROM unnest(k.conkey) WITH ORDINALITY u (attnum, at)
                  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.attnum)) ORDER BY k.conname)
    FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
    -- A key to a partitioned table has a shadow for each partition; only the first is what people wrote.
    WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conparentid = 0), '[]') AS "foreignKeys",
  coalesce((SELECT json_agg(json_build_object('name', k.conname, 'text', pg_get_constraintdef(k.oid)) ORDER BY k.conname)
    FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'), '[]') AS checks,
  coalesce((SELECT json_agg(g.tgname ORDER BY g.tgname) FROM pg_trigger g
    WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgenabled <> 'D'), '[]') AS triggers
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'rushhour_meta')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
