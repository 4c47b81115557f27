/**
 * SQL of a config that reaches beyond the database it is run in. It is refused before it is run: scripts are taken over from operations,
 * and on a server by URL their role may be a superuser's. Against mistakes, not against a user who means it: a config is a program of
 * its user, and what its commands do is theirs.
 */
import { parseSync } from 'libpg-query';
import { HarnessError } from '../errors.ts';

/** Functions by which even a query does something to the server, its other sessions or other databases. */
const FAR_FUNCTIONS =
  /(?<![\w$])"?(dblink\w*|pg_terminate_backend|pg_cancel_backend|pg_reload_conf|pg_rotate_logfile|pg_promote|pg_switch_wal|pg_wal_replay_\w+|pg_create_(?:physical|logical)_replication_slot|pg_copy_(?:physical|logical)_replication_slot|pg_drop_replication_slot|pg_replication_\w+|pg_stat_reset_shared|pg_stat_statements_reset|lo_export|pg_file_\w+)"?\s*\(/i;

/**
 * Ending the other sessions of `current_database()` is what many seeds begin with.
 * @throws HarnessError REFUSED @param where in the config it stands
 */
export function refuseFarFunctions(text: string, where: string): void {
  if (!FAR_FUNCTIONS.test(text)) return; // most texts, and they may be long
  const code = withoutComments(text);
  const name = FAR_FUNCTIONS.exec(code)?.[1];
  if (name === undefined || onlyHere(code)) return;
  throw reachesBeyond(where, `${name}()`);
}

/** Statements of the parser (libpg-query) by what they are said to be. */
const FAR_STATEMENTS: Readonly<Record<string, string>> = {
  CreatedbStmt: 'CREATE DATABASE',
  DropdbStmt: 'DROP DATABASE',
  AlterSystemStmt: 'ALTER SYSTEM',
  AlterDatabaseStmt: 'ALTER DATABASE',
  AlterDatabaseSetStmt: 'ALTER DATABASE',
  AlterDatabaseRefreshCollStmt: 'ALTER DATABASE',
  AlterRoleStmt: 'ALTER ROLE',
  AlterRoleSetStmt: 'ALTER ROLE',
  DropRoleStmt: 'DROP ROLE',
  DropOwnedStmt: 'DROP OWNED',
  ReassignOwnedStmt: 'REASSIGN OWNED',
  CreateTableSpaceStmt: 'CREATE TABLESPACE',
  DropTableSpaceStmt: 'DROP TABLESPACE',
  AlterTableSpaceOptionsStmt: 'ALTER TABLESPACE',
  CreateSubscriptionStmt: 'CREATE SUBSCRIPTION',
  AlterSubscriptionStmt: 'ALTER SUBSCRIPTION',
  DropSubscriptionStmt: 'DROP SUBSCRIPTION',
};

/** Words without which none of them is in a text: only then is it parsed. */
const FAR_WORDS =
  /\b(DATABASE|SYSTEM|ROLE|USER|GROUP|OWNED|TABLESPACE|SUBSCRIPTION|PARAMETER|PROGRAM|COPY|REVOKE)\b/i;

/** The same in the body of a DO, which no parser of SQL reads. */
const FAR_IN_BODY =
  /\b((?:CREATE|DROP|ALTER)\s+(?:DATABASE|ROLE|USER|TABLESPACE|SUBSCRIPTION)|ALTER\s+SYSTEM|DROP\s+OWNED|REASSIGN\s+OWNED|TO\s+PROGRAM|FROM\s+PROGRAM)\b/i;
/** Making one that is missing takes nothing from anybody. */
const CREATES_ROLE = /^CREATE\s+(ROLE|USER)$/i;

/**
 * Needs the parser, see `loadStatementParser`.
 * @throws HarnessError REFUSED @param where in the config they stand
 */
export function refuseFarStatements(text: string, where: string): void {
  if (!FAR_WORDS.test(text)) return;
  for (const { kind, node } of statementsOf(text)) {
    const said =
      FAR_STATEMENTS[kind] ?? farByItsObject(kind, node) ?? farCopy(kind, node) ?? farInBody(kind, node);
    if (said !== null) throw reachesBeyond(where, said);
  }
}

type Node = Readonly<Record<string, unknown>>;

function farByItsObject(kind: string, node: Node): string | null {
  if (kind === 'GrantRoleStmt') return node.is_grant === true ? null : 'REVOKE of a role';
  const object = /^OBJECT_(DATABASE|ROLE|TABLESPACE|SUBSCRIPTION|PARAMETER_ACL)$/.exec(
    String(node.renameType ?? node.objectType ?? node.objtype),
  )?.[1];
  if (object === undefined) return null;
  const verb = {
    RenameStmt: 'ALTER … RENAME',
    AlterOwnerStmt: 'ALTER … OWNER',
    GrantStmt: 'GRANT or REVOKE',
  }[kind];
  return `${verb ?? 'COMMENT or LABEL'} on a ${object.replace('_ACL', '').toLowerCase()}`;
}

function farCopy(kind: string, node: Node): string | null {
  if (kind !== 'CopyStmt') return null;
  if (node.is_program === true) return 'COPY with a PROGRAM';
  return node.is_from !== true && node.filename !== undefined ? 'COPY into a file of the server' : null;
}

function farInBody(kind: string, node: Node): string | null {
  if (kind !== 'DoStmt') return null;
  const body = withoutComments(JSON.stringify(node).replaceAll('\\n', '\n'));
  const said = FAR_IN_BODY.exec(body)?.[1];
  if (said === undefined || CREATES_ROLE.test(said) || onlyHere(body)) return null;
  return `DO with ${said.replace(/\s+/g, ' ').toUpperCase()}`;
}

function onlyHere(code: string): boolean {
  return /\bcurrent_database\s*\(/i.test(code) || /\bcurrent_catalog\b/i.test(code);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/--.*$/gm, ' ');
}

function statementsOf(text: string): { kind: string; node: Node }[] {
  try {
    return (parseSync(text).stmts ?? []).map(({ stmt }) => {
      const [kind = '', node = {}] = Object.entries(stmt ?? {})[0] ?? [];
      return { kind, node: node as Node };
    });
  } catch {
    return []; // the server says what is wrong with it
  }
}

function reachesBeyond(where: string, said: string): HarnessError {
  return new HarnessError(
    'REFUSED',
    `${where}: ${said} reaches beyond the database that it is run in: nothing of it was done.`,
    {
      hint: 'Leave it out. Settings of the databases are given by `database.settings`; the database itself, its owner and its grants are made by rushhour.',
    },
  );
}
