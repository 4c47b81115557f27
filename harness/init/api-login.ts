import { wordsOf } from './name-words.ts';
import type { ApiDescription, ApiOperation, ApiSchema } from './openapi.ts';

export interface LoginFacts {
  readonly path: string;
  readonly sentAs: 'json' | 'form';
  /** Members of the request, in order: who, what secret, and what else it wants. */
  readonly members: readonly { readonly name: string; readonly means: 'account' | 'password' | 'other' }[];
  /** Path to the token in the answer; `null` when the answer's description has none. */
  readonly token: string | null;
}

const TOKEN = /^(access_?token|token|jwt|id_?token|auth_?token|bearer|access)$/i;

/** The POST that takes a name and a password, best one whose path says login, token, session or auth. */
export function findLogin({ operations }: ApiDescription): LoginFacts | null {
  const rated = operations.flatMap((operation) => {
    const login = loginOf(operation);
    const score = login ? rating(operation, login) : 0;
    return login && score > 0 ? [{ login, score }] : [];
  });
  return rated.sort((a, b) => b.score - a.score)[0]?.login ?? null;
}

function loginOf(operation: ApiOperation): LoginFacts | null {
  if (operation.method !== 'POST' || !operation.body) return null;
  const { schema, sentAs } = operation.body;
  const prefixed = Object.entries(schema.members).flatMap(([name, member]) => {
    const inside = Object.keys(member.members);
    return inside.length > 0 ? inside.map((inner) => `${name}.${inner}`) : [name];
  });
  const members = prefixed.flatMap((name) => {
    const means = meaningOf(name.split('.').at(-1) ?? '');
    if (means === 'other' && !schema.required.includes(name)) return [];
    return [{ name, means }];
  });
  const has = (means: string) => members.some((member) => member.means === means);
  if (!has('account') || !has('password')) return null;
  const answered = operation.answers.find((answer) => answer.schema)?.schema;
  return { path: operation.path, sentAs, members, token: answered ? tokenPath(answered) : null };
}

function meaningOf(name: string): 'account' | 'password' | 'other' {
  if (/^(e_?mail|user_?name|login|user|identifier|account)(_?address)?$/i.test(name)) return 'account';
  return /^(password|passwd|pwd|secret|pin)$/i.test(name) ? 'password' : 'other';
}

/** Registering takes a name and a password too. */
function rating({ path }: ApiOperation, login: LoginFacts): number {
  const said = path.match(/log[_-]?in|sign[_-]?in|token|session|auth/gi)?.length ?? 0;
  const not = wordsOf(path).filter((word) =>
    /^(register|registration|signup|reset|forgot|change|refresh|invite)$/.test(word),
  );
  return said * 2 + (login.token === null ? 0 : 1) - not.length * 4;
}

function tokenPath(schema: ApiSchema, depth = 0): string | null {
  const names = Object.keys(schema.members);
  const found = names.find(
    (name) => TOKEN.test(name) && Object.keys(schema.members[name]?.members ?? {}).length === 0,
  );
  if (found) return found;
  if (depth > 1) return null;
  for (const name of names) {
    const inside = tokenPath(schema.members[name] as ApiSchema, depth + 1);
    if (inside) return `${name}.${inside}`;
  }
  return null;
}
