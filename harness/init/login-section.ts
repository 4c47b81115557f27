import { SEED_PASSWORD } from '../../seed/profiles.ts';
import { findLogin, type LoginFacts } from './api-login.ts';
import { type ColumnFacts, quotedName, quotedTable, type TableFacts } from './catalogue.ts';
import type { ConfigFacts } from './config-facts.ts';
import {
  type ConfigEntry,
  type ConfigValue,
  jsonValue,
  list,
  object,
  plain,
  sql,
  TODO,
} from './config-tree.ts';
import { placeholderName } from './offer-facts.ts';
import type { ApiSecurity } from './openapi.ts';
import { isPassword } from './read-catalogue.ts';
import { keyColumn, referenceTo } from './roles-of-tables.ts';

/** How users log in, from the description of the API; without one, an offer. */
export function loginSection(facts: ConfigFacts): ConfigEntry {
  const api = facts.service?.api ?? null;
  const login = api ? findLogin(api) : null;
  const security = api?.security ?? null;
  if (login) return { name: 'login', found: `POST ${login.path}`, value: loginBy(login, security, facts) };
  if (security?.kind === 'header' || security?.kind === 'basic') {
    const header = security.kind === 'header' ? security.name : 'authorization';
    return {
      name: 'login',
      comments: ['Headers that every request carries. A key belongs into an environment variable.'],
      value: object([
        { name: 'kind', value: plain('header') },
        {
          name: 'headers',
          value: object([
            { name: header, value: TODO, todo: `the value of ${header}, such as process.env.SERVICE_KEY` },
          ]),
        },
      ]),
    };
  }
  const guess: LoginFacts = {
    path: '/TODO',
    sentAs: 'json',
    members: [
      { name: 'email', means: 'account' },
      { name: 'password', means: 'password' },
    ],
    token: null,
  };
  return {
    name: 'login',
    todo:
      api && !security
        ? 'the API names no login: leave this out if it asks for none'
        : 'how users log in; leave this out if the service asks for none',
    offered: true,
    value: loginBy(guess, security, facts),
  };
}

function loginBy(login: LoginFacts, security: ApiSecurity | null, facts: ConfigFacts): ConfigValue {
  const who = accountsOf(login, facts);
  const byCookie = security?.kind === 'cookie' && login.token === null;
  return object([
    { name: 'kind', value: plain(byCookie ? 'cookie' : 'token') },
    {
      name: 'request',
      value: object([{ name: 'path', value: plain(login.path) }, requestBody(login, who.account)]),
    },
    byCookie ? null : tokenEntry(login),
    security?.kind === 'header' && !byCookie ? { name: 'header', value: plain(security.name) } : null,
    security?.kind === 'header' && !byCookie ? { name: 'scheme', value: plain('') } : null,
    ...who.entries,
    {
      name: 'loginsPerMinute',
      comments: ['If the service limits logins: more wait.'],
      value: plain(30),
      offered: true,
    },
  ]);
}

function tokenEntry({ token }: LoginFacts): ConfigEntry {
  return token === null
    ? {
        name: 'token',
        value: TODO,
        todo: 'path to the token in the answer, such as access_token or data.token',
      }
    : { name: 'token', value: plain(token) };
}

/** The members that the login wants, nested as it wants them. */
function requestBody({ members, sentAs }: LoginFacts, account: string): ConfigEntry {
  const body: Record<string, unknown> = {};
  for (const { name, means } of members) {
    const value = means === 'account' ? `{${account}}` : means === 'password' ? '{password}' : 'TODO';
    const [outer = name, inner] = name.split('.');
    if (inner === undefined) body[outer] = value;
    else body[outer] = { ...(body[outer] as object | undefined), [inner]: value };
  }
  const open = members.filter(({ means }) => means === 'other').map(({ name }) => name);
  return {
    name: sentAs === 'form' ? 'form' : 'body',
    value: jsonValue(body),
    ...(open.length > 0 ? { todo: `what the login wants as ${open.join(', ')}` } : {}),
  };
}

interface Accounts {
  /** Placeholder of who logs in. */
  readonly account: string;
  readonly entries: readonly ConfigEntry[];
}

function accountsOf(login: LoginFacts, { roles, database }: ConfigFacts): Accounts {
  const wanted =
    login.members
      .find(({ means }) => means === 'account')
      ?.name.split('.')
      .at(-1) ?? 'email';
  const users = roles.users?.table;
  const column = users && accountColumn(users, wanted);
  if (!database || !users || !column) {
    const account = /mail/i.test(wanted) ? 'email' : 'username';
    const entry: ConfigEntry = {
      name: 'accounts',
      value: list([jsonValue({ [account]: 'TODO', password: 'TODO' })]),
      todo: 'who may log in: a list, or { sql } whose columns are the placeholders above',
    };
    return { account, entries: [entry] };
  }
  const company = roles.companies ? referenceTo(users, roles.companies.table) : null;
  const password = users.columns.find(isPassword);
  const scheme = password && database.passwordSchemes[`${users.schema}.${users.name}.${password.name}`];
  const known = /^(pbkdf2-sha256|scrypt|sha256)$/.test(scheme?.name ?? '') && roles.users?.sure;
  const account = placeholderName(column);
  const query = sql(
    [
      `SELECT u.${quotedName(column.name)}, '${known ? SEED_PASSWORD : 'TODO'}' AS password${company ? `, u.${quotedName(company.name)}` : ''}`,
      `FROM ${quotedTable(users)} u`,
      `ORDER BY u.${quotedName((keyColumn(users) ?? column).name)}`,
    ].join('\n'),
  );
  return {
    account,
    entries: [
      {
        name: 'accounts',
        value: object([{ name: 'sql', value: query }]),
        ...(known
          ? { comments: ['The password of generated users.'], found: 'from the users' }
          : { todo: 'the password whose hash the users have' }),
      },
      company ? { name: 'accountOf', value: plain(placeholderName(company)) } : null,
    ].filter((entry) => entry !== null),
  };
}

function accountColumn({ columns }: TableFacts, wanted: string): ColumnFacts | null {
  const named = (pattern: RegExp) => columns.find(({ name }) => pattern.test(name));
  const email = named(/^e?_?mail(_address)?$/i);
  const login = named(/^(user_?name|login)$/i);
  return (/mail/i.test(wanted) ? (email ?? login) : (login ?? email)) ?? null;
}
