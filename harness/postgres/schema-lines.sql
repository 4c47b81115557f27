-- The definitions of a database, a line each, without OIDs and without what belongs to an extension. Expects an empty
-- search_path, so that every name is printed with its schema.
WITH schema AS (
  SELECT oid, nspname FROM pg_namespace
  WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'rushhour_meta')
),
member AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
relation AS (
  SELECT c.*, format('%I.%I', s.nspname, c.relname) AS name
  FROM pg_class c JOIN schema s ON s.oid = c.relnamespace
  WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_class'::regclass AND objid = c.oid)
),
routine AS (
  SELECT p.*, format('%I.%I', s.nspname, p.proname) AS name
  FROM pg_proc p JOIN schema s ON s.oid = p.pronamespace
  WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_proc'::regclass AND objid = p.oid)
),
type AS (
  SELECT t.*, format('%I.%I', s.nspname, t.typname) AS name
  FROM pg_type t JOIN schema s ON s.oid = t.typnamespace
  WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_type'::regclass AND objid = t.oid)
),
line (kind, name, definition) AS (
  SELECT 'schema', nspname, '' FROM schema
  -- Its version is the server's matter: a newer server brings a newer one.
  UNION ALL SELECT 'extension', extname, '' FROM pg_extension
  UNION ALL SELECT 'relation', name,
      concat_ws(' ', relkind, relpersistence, relreplident, relrowsecurity, relforcerowsecurity, reloptions::text,
        CASE WHEN relkind = 'p' THEN pg_get_partkeydef(oid) END,
        CASE WHEN relispartition THEN pg_get_expr(relpartbound, oid) END,
        (SELECT string_agg(inhparent::regclass::text, ',' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = relation.oid))
    FROM relation WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
  -- Numbered as they stand, not by attnum: a dropped column leaves a gap there that a dump does not carry over.
  UNION ALL SELECT 'column', r.name || '.' || quote_ident(a.attname),
      concat_ws(' ', row_number() OVER (PARTITION BY r.oid ORDER BY a.attnum), format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attnotnull THEN 'NOT NULL' END, concat('identity=', a.attidentity), concat('generated=', a.attgenerated),
        CASE WHEN a.attcollation <> t.typcollation THEN 'collation=' || a.attcollation::regcollation::text END,
        (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = r.oid AND d.adnum = a.attnum))
    FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
  -- NOT NULL constraints ('n') are rows of their own only since PostgreSQL 18; the column's line has them everywhere.
  UNION ALL SELECT 'constraint', coalesce(r.name, t.name) || '.' || quote_ident(c.conname),
      concat_ws(' ', pg_get_constraintdef(c.oid), c.convalidated)
    FROM pg_constraint c LEFT JOIN relation r ON r.oid = c.conrelid LEFT JOIN type t ON t.oid = c.contypid
    WHERE c.contype NOT IN ('n', 't') AND coalesce(r.oid, t.oid) IS NOT NULL
  UNION ALL SELECT 'index', r.name, concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisreplident)
    FROM pg_index i JOIN relation r ON r.oid = i.indexrelid
  UNION ALL SELECT 'view', name, pg_get_viewdef(oid) FROM relation WHERE relkind IN ('v', 'm')
  UNION ALL SELECT 'rule', r.name || '.' || quote_ident(rulename), concat_ws(' ', pg_get_ruledef(w.oid), w.ev_enabled)
    FROM pg_rewrite w JOIN relation r ON r.oid = w.ev_class WHERE w.rulename <> '_RETURN'
  UNION ALL SELECT 'trigger', r.name || '.' || quote_ident(tgname), concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
    FROM pg_trigger t JOIN relation r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
  UNION ALL SELECT 'policy', r.name || '.' || quote_ident(polname),
      concat_ws(' ', polcmd, polpermissive, pg_get_expr(polqual, polrelid), '/', pg_get_expr(polwithcheck, polrelid),
        (SELECT string_agg(role::regrole::text, ',' ORDER BY role::regrole::text) FROM unnest(polroles) role))
    FROM pg_policy p JOIN relation r ON r.oid = p.polrelid
  UNION ALL SELECT 'sequence', r.name,
      concat_ws(' ', format_type(seqtypid, NULL), seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle,
        (SELECT d.refobjid::regclass::text || '.' || d.refobjsubid FROM pg_depend d
         WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0))
    FROM pg_sequence JOIN relation r ON r.oid = seqrelid
  UNION ALL SELECT 'function', name || '(' || pg_get_function_identity_arguments(oid) || ')',
      CASE WHEN prokind = 'a'
        THEN (SELECT concat_ws(' ', pg_get_function_result(routine.oid), aggtransfn::regprocedure, aggfinalfn::regproc,
                format_type(aggtranstype, NULL), agginitval) FROM pg_aggregate WHERE aggfnoid = routine.oid)
        ELSE pg_get_functiondef(oid) END
    FROM routine
  UNION ALL SELECT 'enum', name, (SELECT string_agg(quote_literal(enumlabel), ',' ORDER BY enumsortorder)
      FROM pg_enum WHERE enumtypid = type.oid)
    FROM type WHERE typtype = 'e'
  UNION ALL SELECT 'domain', name, concat_ws(' ', format_type(typbasetype, typtypmod), typnotnull, typdefault)
    FROM type WHERE typtype = 'd'
  UNION ALL SELECT 'range', name, (SELECT concat_ws(' ', format_type(rngsubtype, NULL), rngcollation::regcollation)
      FROM pg_range WHERE rngtypid = type.oid)
    FROM type WHERE typtype = 'r'
  UNION ALL SELECT 'statistics', r.name || '.' || quote_ident(stxname), pg_get_statisticsobjdef(x.oid)
    FROM pg_statistic_ext x JOIN relation r ON r.oid = x.stxrelid
)
SELECT line.line FROM (SELECT kind || ' ' || name || ' ' || coalesce(definition, '') AS line FROM line) line
ORDER BY line.line COLLATE "C"
