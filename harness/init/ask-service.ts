/** Looks at a running service from outside: GET requests alone, few of them, each short. */
import { HarnessError } from '../errors.ts';
import type { ServiceFacts } from './config-facts.ts';
import { type ApiDescription, readOpenApi } from './openapi.ts';

const DESCRIPTIONS = [
  '/openapi.json',
  '/swagger.json',
  '/v3/api-docs',
  '/api-docs',
  '/api/openapi.json',
  '/docs/openapi.json',
  '/api/v1/openapi.json',
  '/swagger/v1/swagger.json',
  '/.well-known/openapi.json',
  '/openapi.yaml',
];
const HEALTH = [
  '/health',
  '/healthz',
  '/api/health',
  '/actuator/health',
  '/up',
  '/ping',
  '/status',
  '/readyz',
  '/livez',
];

const MOST_REQUESTS = 25;
const TIME_LIMIT_MS = 5_000;
const MOST_BYTES = 20_000_000;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/**
 * @param url of the service; what follows its path is left out
 * @throws HarnessError BAD_OPTION for what is no http URL, or when nothing answers there
 */
export async function askService(url: string, signal: AbortSignal): Promise<ServiceFacts> {
  const baseUrl = baseUrlOf(url);
  let left = MOST_REQUESTS;
  const get = async (path: string): Promise<Answer | null> => {
    if (left === 0) return null;
    left -= 1;
    return ask(`${baseUrl.origin}${path}`, signal);
  };
  const below = baseUrl.pathname.replace(/\/+$/, '');
  const seen = await get(`${below}/rushhour-init-asks-what-is-not-there`);
  if (seen === null) throw noAnswer(baseUrl);
  // A service that answers every path with its front page has no health check where it seems to have one.
  const answersAll = isRight(seen);
  const notes: string[] = [];
  const found = await findDescription(get, below, notes);
  const health = await findHealth(get, below, found?.api ?? null, answersAll);
  return {
    baseUrl: `${baseUrl.origin}${below}`,
    api: found?.api ?? null,
    apiPath: found?.path ?? null,
    health,
    notes,
  };
}

function baseUrlOf(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed && /^https?:$/.test(parsed.protocol)) return parsed;
  throw new HarnessError(
    'BAD_OPTION',
    `--url: expected a URL like http://127.0.0.1:8000, got ${parsed ? `one that begins with ${parsed.protocol}` : `'${url}'`}.`,
  );
}

function noAnswer({ origin }: URL): HarnessError {
  return new HarnessError(
    'BAD_OPTION',
    `--url: nothing answers at ${origin} within ${TIME_LIMIT_MS / 1000} s.`,
    {
      hint: 'Start the service first; or leave --url out, and fill in by hand what it would have told.',
    },
  );
}

/** @returns `null` for no answer in time; a redirect is an answer, and is not followed */
async function ask(url: string, signal: AbortSignal): Promise<Answer | null> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'application/json, */*;q=0.5', 'user-agent': 'rushhour-init' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIME_LIMIT_MS)]),
    });
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, text: await boundedText(response) };
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const isRight = ({ status }: Answer) => status >= 200 && status < 300;
const isPage = ({ type }: Answer) => type.includes('html');

async function findDescription(
  get: (path: string) => Promise<Answer | null>,
  below: string,
  notes: string[],
): Promise<{ api: ApiDescription; path: string } | null> {
  for (const path of DESCRIPTIONS) {
    const answer = await get(`${below}${path}`);
    if (!answer || !isRight(answer) || isPage(answer)) continue;
    const document = parsed(answer.text);
    const api = readOpenApi(document);
    if (api) return { api, path };
    const why = document === null ? 'is no JSON' : 'is no OpenAPI 3';
    notes.push(`${path} was answered, but ${why}: nothing was read from it.`);
  }
  return null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function findHealth(
  get: (path: string) => Promise<Answer | null>,
  below: string,
  api: ApiDescription | null,
  answersAll: boolean,
): Promise<string | null> {
  const described = api ? describedHealth(api).slice(0, 3) : [];
  const usual = HEALTH.map((path) => `${below}${path}`);
  for (const path of new Set([...described, ...usual])) {
    const answer = await get(path);
    if (answer && isRight(answer) && !(answersAll && isPage(answer))) return path;
  }
  return null;
}

/** Paths that look like a health check. */
export function describedHealth({ operations }: ApiDescription): string[] {
  return operations
    .filter(
      ({ method, path }) =>
        method === 'GET' && /(health|ready|live|ping|\/up$|status$)/i.test(path) && !path.includes('{'),
    )
    .map(({ path }) => path);
}
