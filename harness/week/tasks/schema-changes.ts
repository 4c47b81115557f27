/** How the definitions of a database differ between two moments. Pure. */

/** `index NAME CREATE INDEX … ON TABLE USING METHOD REST VALID REPLICA_IDENTITY`, as schema-lines.sql writes it. */
const INDEX_LINE = /^index (\S+) CREATE (UNIQUE )?INDEX .+? ON (?:ONLY )?(\S+) USING (\w+) (.+) ([tf]) [tf]$/;

/**
 * What went and what came, a line each: "- index client_company_idx on client (company_id)", "+ …". Those that went come first.
 * @param before,after lines as `readSchemaLines` gives them
 */
export function schemaChanges(before: readonly string[], after: readonly string[]): string[] {
  const [was, is] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !is.has(line)).map((line) => `- ${readableLine(line)}`),
    ...after.filter((line) => !was.has(line)).map((line) => `+ ${readableLine(line)}`),
  ];
}

/** An index is told by what it is on; the schema `public` goes without saying. */
function readableLine(line: string): string {
  const [, name, unique, table, method, rest, valid] = INDEX_LINE.exec(line) ?? [];
  if (name === undefined || table === undefined || rest === undefined) return withoutPublic(line.trimEnd());
  const kind = `${unique ? 'unique ' : ''}index`;
  const by = method === 'btree' ? '' : ` using ${method}`;
  return `${kind} ${withoutPublic(name)} on ${withoutPublic(table)}${by} ${rest}${valid === 'f' ? ', not valid' : ''}`;
}

function withoutPublic(text: string): string {
  return text.replaceAll(/\bpublic\./g, '');
}
