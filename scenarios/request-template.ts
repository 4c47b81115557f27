/** Requests with placeholders, and values of answers by path. Pure; loaded by k6 and Node, so it imports nothing. */

export type TemplateValue = string | number | boolean | null;
export type TemplateValues = Readonly<Record<string, TemplateValue>>;
export type TemplateJson =
  | TemplateValue
  | readonly TemplateJson[]
  | { readonly [name: string]: TemplateJson };

export interface RequestTemplate {
  /** Default GET, with a body POST. */
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: TemplateJson;
  /** Sent as a form instead. */
  readonly form?: Readonly<Record<string, string>>;
}

/** A request as it is sent. */
export interface FilledTemplate {
  readonly method: string;
  readonly path: string;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A placeholder that there is no value for. */
export class MissingValue extends Error {
  readonly placeholder: string;

  constructor(placeholder: string) {
    super(`there is no value for {${placeholder}}`);
    this.name = 'MissingValue';
    this.placeholder = placeholder;
  }
}

/**
 * Braces that hold a name and nothing else: `{"a":1}` and `{}` in a text are left alone. Letters beyond ASCII are a range, since the
 * engine of k6 takes `\p{L}` in a class for no letter at all, and says nothing.
 */
const NAME = '[A-Za-z_\\u0080-\\uFFFF][A-Za-z0-9_\\u0080-\\uFFFF]*';
const PLACEHOLDER = new RegExp(`\\{(${NAME})\\}`, 'g');
const WHOLE_PLACEHOLDER = new RegExp(`^\\{(${NAME})\\}$`);

/**
 * Fills a request. Values in its path are URL-encoded; in its body, a text that is one placeholder and nothing else becomes the value
 * with its type.
 *
 * @throws MissingValue
 */
export function fillTemplate(request: RequestTemplate, values: TemplateValues): FilledTemplate {
  const body = bodyOf(request, values);
  const headers: Record<string, string> = {};
  if (body !== null) headers['content-type'] = body.type;
  for (const [name, text] of Object.entries(request.headers ?? {}))
    headers[name.toLowerCase()] = fillTemplateText(text, values);
  return {
    method: methodOf(request),
    path: fillTemplateText(request.path, values, (value) => encodeURIComponent(String(value))),
    headers,
    ...(body === null ? {} : { body: body.text }),
  };
}

export function methodOf({ method, body, form }: RequestTemplate): string {
  return method ?? (body === undefined && form === undefined ? 'GET' : 'POST');
}

/** @throws MissingValue */
export function fillTemplateText(
  text: string,
  values: TemplateValues,
  write: (value: TemplateValue) => string = String,
): string {
  return text.replace(PLACEHOLDER, (_all, name: string) => write(valueNamed(name, values)));
}

/** Names of the placeholders of a request, each once. */
export function placeholdersOf(request: RequestTemplate): string[] {
  const texts = JSON.stringify([request.path, request.headers, request.body, request.form]);
  return [...new Set([...texts.matchAll(PLACEHOLDER)].map(([, name = '']) => name))];
}

function bodyOf(request: RequestTemplate, values: TemplateValues): { type: string; text: string } | null {
  if (request.form !== undefined) {
    // k6 has no URLSearchParams.
    const pairs = Object.entries(request.form).map(
      ([name, text]) => `${formEncode(name)}=${formEncode(fillTemplateText(text, values))}`,
    );
    return { type: 'application/x-www-form-urlencoded', text: pairs.join('&') };
  }
  if (request.body === undefined) return null;
  return { type: 'application/json', text: JSON.stringify(fillJson(request.body, values)) };
}

function formEncode(text: string): string {
  const encoded = encodeURIComponent(text).replace(
    /[!'()~]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return encoded.replace(/%20/g, '+');
}

function fillJson(json: TemplateJson, values: TemplateValues): TemplateJson {
  if (typeof json === 'string') {
    const whole = WHOLE_PLACEHOLDER.exec(json)?.[1];
    return whole === undefined ? fillTemplateText(json, values) : valueNamed(whole, values);
  }
  if (json === null || typeof json !== 'object') return json;
  if (Array.isArray(json)) return json.map((item: TemplateJson) => fillJson(item, values));
  return Object.fromEntries(
    Object.entries(json).map(([name, item]) => [name, fillJson(item, values)] as const),
  );
}

function valueNamed(name: string, values: TemplateValues): TemplateValue {
  if (!Object.hasOwn(values, name)) throw new MissingValue(name);
  return values[name] as TemplateValue;
}

/** The text, number, true, false or null at a dotted path of an answer; `undefined` when there is none. */
export function templateValueAt(json: unknown, path: string): TemplateValue | undefined {
  let place = json;
  for (const step of path === '' ? [] : path.split('.')) {
    if (place === null || typeof place !== 'object' || !Object.hasOwn(place, step)) return undefined;
    place = (place as Record<string, unknown>)[step];
  }
  if (place === null) return null;
  return typeof place === 'object' || place === undefined ? undefined : (place as TemplateValue);
}
