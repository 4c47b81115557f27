import { singular, snakeName, wordsOf } from './name-words.ts';
import type { ApiDescription, ApiOperation, ApiParameter, ApiSchema } from './openapi.ts';

/** A GET that changes nothing and can be asked again and again. */
export interface ReadFacts {
  /** Unique, from the operation's id or its path. */
  readonly name: string;
  readonly path: string;
  /** Query parameters without which it answers an error. */
  readonly needs: readonly ApiParameter[];
  /** Of a list: the parameter that says how long it is, and where its items are (empty: the answer itself). */
  readonly page: { readonly parameter: string; readonly items: string } | null;
  /** Of a list: member of an item that other paths take. */
  readonly itemId: string | null;
  /** Where the items of a list are; `null` for what is none. */
  readonly items: string | null;
  /** Of what takes one path parameter: its name and the list that has its values. */
  readonly from: { readonly parameter: string; readonly list: string } | null;
  readonly parameters: readonly ApiParameter[];
}

const SIZE = /^(limit|page_?size|per_?page|size|count|first|top|take|max_?results)$/i;
const NOT_ASKED =
  /health|ready|live|metrics|openapi|swagger|docs|logout|login|token|auth|export|download|stream|events|ws|admin/i;

/** The GETs of a service: lists, what one finds in them, and the rest. */
export function findReads({ operations }: ApiDescription): ReadFacts[] {
  const gets = operations.filter(({ method, path }) => method === 'GET' && !NOT_ASKED.test(path));
  const names = new Map<ApiOperation, string>();
  for (const get of gets) names.set(get, uniqueName(nameOf(get), [...names.values()]));
  const lists = new Map(
    gets.flatMap((get) => {
      const items = itemsOf(get);
      return items && !get.path.includes('{') ? [[get.path, { get, ...items }] as const] : [];
    }),
  );
  return gets.map((get) => {
    const list = lists.get(get.path);
    const size = get.parameters.find(({ place, name }) => place === 'query' && SIZE.test(name));
    const inPath = get.parameters.filter(({ place }) => place === 'path');
    const parent = lists.get(get.path.replace(/\/\{[^}]+\}$/, ''));
    return {
      name: names.get(get) as string,
      path: get.path,
      parameters: get.parameters,
      needs: get.parameters.filter(({ place, required }) => place === 'query' && required),
      page: list && size ? { parameter: size.name, items: list.path } : null,
      itemId: list ? idOf(list.schema, get.path) : null,
      items: list?.path ?? null,
      from:
        inPath.length === 1 && parent && parent.get !== get
          ? { parameter: inPath[0]?.name ?? '', list: names.get(parent.get) as string }
          : null,
    };
  });
}

/** The array that is answered, or the only array in it. */
function itemsOf({ answers }: ApiOperation): { path: string; schema: ApiSchema } | null {
  const schema = answers.find((answer) => answer.schema)?.schema;
  if (!schema) return null;
  if (schema.items) return { path: '', schema: schema.items };
  const arrays = Object.entries(schema.members).filter(([, member]) => member.items);
  const [only] = arrays;
  if (only?.[1].items && arrays.length === 1) return { path: only[0], schema: only[1].items };
  return null;
}

function idOf(item: ApiSchema, path: string): string | null {
  const thing = singular(wordsOf(path.split('/').at(-1) ?? '').at(-1) ?? '');
  const names = Object.keys(item.members);
  return (
    names.find((name) => name === 'id') ??
    names.find((name) => wordsOf(name).join() === `${thing},id`) ??
    names.find((name) => /^(uuid|key|code)$/.test(name)) ??
    null
  );
}

/** FastAPI puts path and method behind the function's name, springdoc a number. */
function nameOf({ id, path, method }: ApiOperation): string {
  const fallback = `${method} ${path.replace(/\{[^}]*\}/g, 'one').replace(/^\/(api\/)?(v\d+\/)?/, '')}`;
  if (id === null) return snakeName(fallback);
  const whole = snakeName(id);
  const tail = `_${snakeName(path)}_${method.toLowerCase()}`;
  const name = (whole.endsWith(tail) ? whole.slice(0, -tail.length) : whole).replace(/_\d+$/, '');
  return name === '' ? snakeName(fallback) : name;
}

function uniqueName(name: string, taken: readonly string[]): string {
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name}_${count}`;
    if (!taken.includes(candidate)) return candidate;
  }
}
