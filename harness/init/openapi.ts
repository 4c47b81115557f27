/** An OpenAPI 3 document as operations, with references followed. It comes from outside: whatever does not fit is left out. */

export interface ApiDescription {
  readonly title: string;
  readonly operations: readonly ApiOperation[];
  readonly security: ApiSecurity | null;
}

export interface ApiOperation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the origin on, with `{parameters}` as the document has them. */
  readonly path: string;
  readonly id: string | null;
  readonly parameters: readonly ApiParameter[];
  readonly body: { readonly sentAs: 'json' | 'form'; readonly schema: ApiSchema } | null;
  /** By status, rising; those that are errors are left out. */
  readonly answers: readonly { readonly status: number; readonly schema: ApiSchema | null }[];
}

export interface ApiParameter {
  readonly name: string;
  readonly place: 'path' | 'query' | 'header' | 'cookie';
  readonly required: boolean;
  readonly schema: ApiSchema;
}

export interface ApiSchema {
  readonly type: string | null;
  readonly format: string | null;
  /** Values it may have; empty when it is not said. */
  readonly values: readonly (string | number | boolean)[];
  readonly default: unknown;
  readonly example: unknown;
  readonly required: readonly string[];
  readonly members: Readonly<Record<string, ApiSchema>>;
  readonly items: ApiSchema | null;
}

export type ApiSecurity =
  | { readonly kind: 'bearer' }
  | { readonly kind: 'basic' }
  | { readonly kind: 'cookie' | 'header'; readonly name: string };

type Raw = Readonly<Record<string, unknown>>;

/** Deeper is what a request or an answer of interest never is; documents may refer to themselves. */
const DEEPEST = 5;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** @returns `null` for what is no OpenAPI 3 document */
export function readOpenApi(document: unknown): ApiDescription | null {
  const root = asRaw(document);
  if (!/^3\./.test(String(root.openapi ?? ''))) return null;
  const base = basePath(root);
  const operations = Object.entries(asRaw(root.paths)).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const shared = resolve(root, item);
      if (typeof shared[method] !== 'object') return [];
      return [readOperation(root, { method, path: `${base}${path}`, shared })];
    }),
  );
  return { title: String(asRaw(root.info).title ?? ''), operations, security: readSecurity(root) };
}

/** Paths are relative to the first server (OpenAPI 3.1, 4.8.8). */
function basePath(root: Raw): string {
  const [server] = Array.isArray(root.servers) ? root.servers : [];
  const url = String(asRaw(server).url ?? '/');
  if (url.includes('{')) return '';
  try {
    return new URL(url, 'http://service').pathname.replace(/\/+$/, '');
  } catch {
    return '';
  }
}

function readOperation(
  root: Raw,
  { method, path, shared }: { method: (typeof METHODS)[number]; path: string; shared: Raw },
): ApiOperation {
  const raw = asRaw(shared[method]);
  const parameters = new Map<string, ApiParameter>();
  for (const one of [...asList(shared.parameters), ...asList(raw.parameters)]) {
    const { name, in: place, required, schema } = resolve(root, one);
    if (typeof name !== 'string' || !/^(path|query|header|cookie)$/.test(String(place))) continue;
    parameters.set(`${place} ${name}`, {
      name,
      place: place as ApiParameter['place'],
      required: required === true,
      schema: readSchema(root, schema),
    });
  }
  const answers = Object.entries(asRaw(raw.responses))
    .filter(([status]) => /^2(\d\d|XX)$/.test(status))
    .map(([status, answer]) => ({
      status: Number(status.replace('XX', '00')),
      schema: contentOf(root, resolve(root, answer), 'json')?.schema ?? null,
    }));
  const body = resolve(root, raw.requestBody);
  return {
    method: method.toUpperCase() as ApiOperation['method'],
    path,
    id: typeof raw.operationId === 'string' && raw.operationId !== '' ? raw.operationId : null,
    parameters: [...parameters.values()],
    body: contentOf(root, body, 'json') ?? contentOf(root, body, 'form'),
    answers: answers.sort((a, b) => a.status - b.status),
  };
}

function contentOf(root: Raw, holder: Raw, sentAs: 'json' | 'form'): ApiOperation['body'] {
  const type =
    sentAs === 'json' ? /^(application\/(.*\+)?json|\*\/\*)/ : /^(application\/x-www-form|multipart\/form)/;
  const found = Object.entries(asRaw(holder.content)).find(([name]) => type.test(name));
  return found ? { sentAs, schema: readSchema(root, asRaw(found[1]).schema) } : null;
}

function readSecurity(root: Raw): ApiSecurity | null {
  const schemes = Object.values(asRaw(asRaw(root.components).securitySchemes)).map((one) =>
    resolve(root, one),
  );
  const found = schemes.flatMap(({ type, scheme, in: place, name }): ApiSecurity[] => {
    if (type === 'oauth2' || type === 'openIdConnect') return [{ kind: 'bearer' }];
    if (type === 'http' && /^bearer$/i.test(String(scheme))) return [{ kind: 'bearer' }];
    if (type === 'http' && /^basic$/i.test(String(scheme))) return [{ kind: 'basic' }];
    if (type === 'apiKey' && (place === 'cookie' || place === 'header'))
      return [{ kind: place, name: String(name) }];
    return [];
  });
  const order = ['bearer', 'cookie', 'header', 'basic'];
  return found.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))[0] ?? null;
}

function readSchema(root: Raw, schema: unknown, depth = 0): ApiSchema {
  const raw = depth > DEEPEST ? {} : resolve(root, schema);
  // Optional values are `anyOf` with null; what is inherited comes by `allOf`.
  const choices = [...asList(raw.anyOf), ...asList(raw.oneOf)].filter((one) => asRaw(one).type !== 'null');
  const parts = [...asList(raw.allOf), ...choices.slice(0, 1)].map((one) => readSchema(root, one, depth + 1));
  const own = Object.entries(asRaw(raw.properties)).map(
    ([name, member]) => [name, readSchema(root, member, depth + 1)] as const,
  );
  const type = asList(raw.type ?? parts.find((part) => part.type !== null)?.type).find(
    (one) => one !== 'null',
  );
  const values = asList(raw.enum ?? (raw.const === undefined ? [] : [raw.const])).filter(isScalar);
  return {
    type: typeof type === 'string' ? type : null,
    format:
      typeof raw.format === 'string'
        ? raw.format
        : (parts.find(({ format }) => format !== null)?.format ?? null),
    values: values.length > 0 ? values : (parts.find((part) => part.values.length > 0)?.values ?? []),
    default: raw.default ?? parts.find((part) => part.default !== undefined)?.default,
    example: raw.example ?? asList(raw.examples)[0],
    required: [...parts.flatMap(({ required }) => required), ...asList(raw.required).map(String)],
    members: Object.assign({}, ...parts.map(({ members }) => members), Object.fromEntries(own)),
    items:
      raw.items === undefined
        ? (parts.find(({ items }) => items)?.items ?? null)
        : readSchema(root, raw.items, depth + 1),
  };
}

/** Follows `$ref` within the document. */
function resolve(root: Raw, value: unknown): Raw {
  let found = asRaw(value);
  for (let hops = 0; typeof found.$ref === 'string' && hops < 10; hops++) {
    const names = found.$ref.startsWith('#/') ? found.$ref.slice(2).split('/') : [];
    found = names.reduce<Raw>(
      (at, name) => {
        const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
        return Object.hasOwn(at, key) ? asRaw(at[key]) : {};
      },
      names.length > 0 ? root : {},
    );
  }
  return found;
}

function asRaw(value: unknown): Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}

function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
