/** One request of an endpoint, filled, tagged and checked. */
import http from 'k6/http';
import { type Asking, isExpected, type TrafficEndpoint } from '../endpoint-traffic.ts';
import { fillTemplate, type TemplateValue, templateValueAt } from '../request-template.ts';
import { plan } from './endpoint-plan.ts';
import { mismatches } from './metrics.ts';

export interface Answered {
  readonly expected: boolean;
  /** Its JSON; `undefined` when it is none. */
  body(): unknown;
}

/** Any status from 200 on is looked at by ourselves; k6 only has to know which of them are no failures. */
export function ask(
  endpoint: TrafficEndpoint,
  { identity, values }: Asking,
  baseUrl: string,
  options: { readonly tags?: Readonly<Record<string, string>>; readonly timeoutSeconds?: number } = {},
): Answered {
  const request = fillTemplate(endpoint.request, { ...endpoint.page, ...values });
  const response = http.request(request.method as 'GET', `${baseUrl}${request.path}`, request.body ?? null, {
    headers: { accept: 'application/json', ...identity.headers, ...request.headers },
    // `name` also replaces the `url` tag, so that values of placeholders do not make a series each.
    tags: { name: endpoint.name, ...options.tags },
    timeout: `${options.timeoutSeconds ?? plan.requestTimeoutSeconds}s`,
    responseCallback:
      endpoint.expect.length === 0
        ? http.expectedStatuses({ min: 200, max: 299 })
        : http.expectedStatuses(...endpoint.expect),
    redirects: 0,
    // Cookies are those of the login alone, whichever VU asks.
    jar: new http.CookieJar(),
  });
  return {
    expected: isExpected(endpoint, response.status),
    body: () => parseJson(response.body),
  };
}

/** What the endpoint extracts, or `null` when the answer lacks some of it, which counts as a wrong answer. */
export function extracted(
  endpoint: TrafficEndpoint,
  answer: Answered,
): Readonly<Record<string, TemplateValue>> | null {
  const names = Object.entries(endpoint.extract);
  if (names.length === 0) return {};
  const body = answer.body();
  const values: Record<string, TemplateValue> = {};
  for (const [name, path] of names) {
    const value = templateValueAt(body, path);
    if (value === undefined) {
      mismatches.add(1, { name: endpoint.name });
      return null;
    }
    values[name] = value;
  }
  return values;
}

function parseJson(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
