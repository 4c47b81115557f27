/** What a database that is not ours holds, as far as its catalogue tells. No value of a row is in it but labels of states. */

export interface DatabaseFacts {
  /** `null` of one that was made for the look alone, from a file. */
  readonly name: string | null;
  /** `18.4` */
  readonly serverVersion: string;
  /** Setting `TimeZone` of the session. */
  readonly timeZone: string;
  /** Setting `search_path`, as it is. */
  readonly searchPath: string;
  /** Without `plpgsql`, which every database has. */
  readonly extensions: readonly string[];
  readonly tables: readonly TableFacts[];
  /** Of the column that holds password hashes, by `schema.table.column`: the scheme of one value. */
  readonly passwordSchemes: Readonly<Record<string, PasswordScheme>>;
}

export interface TableFacts {
  readonly schema: string;
  readonly name: string;
  /** An estimate; `null` when nothing has counted them. */
  readonly rows: number | null;
  readonly columns: readonly ColumnFacts[];
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKeyFacts[];
}

export interface ColumnFacts {
  readonly name: string;
  /** As PostgreSQL writes it: `character varying(40)`. */
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
  readonly identity: 'always' | 'by default' | null;
  readonly generated: boolean;
  /** Of an enum, of a CHECK that lists them, or of those ANALYZE has seen in a state; else empty. */
  readonly labels: readonly string[];
  readonly isEnum: boolean;
}

export interface ForeignKeyFacts {
  readonly columns: readonly string[];
  readonly schema: string;
  readonly table: string;
}

export interface PasswordScheme {
  readonly name: 'pbkdf2-sha256' | 'bcrypt' | 'scrypt' | 'argon2' | 'sha256' | 'unknown';
  /** Of PBKDF2. */
  readonly iterations: number | null;
}

/** The scheme that the first characters of a hash name: what stands before salt and hash, and nothing of them. */
export function passwordSchemeOf(prefix: string | null): PasswordScheme {
  const pbkdf2 = /^pbkdf2[_:]sha256[$:](\d+)/.exec(prefix ?? '');
  if (pbkdf2) return { name: 'pbkdf2-sha256', iterations: Number(pbkdf2[1]) };
  const names = [
    [/^\$2[abxy]\$/, 'bcrypt'],
    [/^\{?bcrypt/, 'bcrypt'],
    [/^\$?scrypt/, 'scrypt'],
    [/^\$?argon2/, 'argon2'],
    [/^sha256\$/, 'sha256'],
  ] as const;
  const found = names.find(([pattern]) => pattern.test(prefix ?? ''));
  return { name: found?.[1] ?? 'unknown', iterations: null };
}

/** Labels that a CHECK allows in a column: `CHECK ((state = ANY (ARRAY['open'::text, 'done'::text])))`. */
export function labelsOfCheck(definition: string, column: string): string[] {
  const name = column.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  // PostgreSQL writes IN as = ANY (ARRAY[…]), and casts varchar to text first.
  const match = new RegExp(`\\(*"?${name}"?\\)?(?:::\\w+)? = ANY \\(+ARRAY\\[(.*?)\\]`).exec(definition);
  return [...(match?.[1] ?? '').matchAll(/'((?:[^']|'')*)'::/g)].map(([, label]) =>
    (label ?? '').replaceAll("''", "'"),
  );
}

/** A timestamp without a zone: what time it means is known to the service alone. */
export function isNaiveTimestamp({ type }: ColumnFacts): boolean {
  return /^timestamp(\(\d\))? without time zone$/.test(type);
}

export function isTime({ type }: ColumnFacts): boolean {
  return /^(timestamp|date\b)/.test(type);
}

export function isText({ type, isEnum }: ColumnFacts): boolean {
  return isEnum || /^(text|character|citext)/.test(type);
}

export function isNumber({ type }: ColumnFacts): boolean {
  return /^(smallint|integer|bigint|numeric|real|double)/.test(type);
}

/** Filled by the database unless a row says otherwise. */
export function fillsItself(column: ColumnFacts): boolean {
  return column.default !== null || column.identity !== null || column.generated;
}

export function nameOfTable({ schema, name }: Pick<TableFacts, 'schema' | 'name'>): string {
  return schema === 'public' ? name : `${schema}.${name}`;
}

/** As SQL. */
export function quotedTable({ schema, name }: Pick<TableFacts, 'schema' | 'name'>): string {
  return schema === 'public' ? quotedName(name) : `${quotedName(schema)}.${quotedName(name)}`;
}

/** Names that a statement of ours could not hold bare. */
const RESERVED = new Set(
  'all and any array as asc both case cast check collate column constraint create current_date current_role current_time current_timestamp current_user default desc distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime not null offset on only or order placing primary references returning select session_user some symmetric table then to trailing true union unique user using variadic when where window with'.split(
    ' ',
  ),
);

export function quotedName(name: string): string {
  return /^[a-z_][a-z\d_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

export function quotedLabel(label: string): string {
  return `'${label.replaceAll("'", "''")}'`;
}
