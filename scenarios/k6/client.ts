/** One request of one endpoint, tagged and checked. */
import http from 'k6/http';
import { type Endpoint, POLL_SUFFIX } from '../endpoints.ts';
import { workload } from './day-plan.ts';
import { mismatches } from './metrics.ts';

/** Whose request it is: the service it goes to, and the token of whoever asks, if any. */
export interface Caller {
  readonly baseUrl: string;
  readonly token: string | null;
}

/** The checked body of the answer, or `null` when the request failed in any way. Failures are counted, never thrown. */
export function send<Context>(endpoint: Endpoint<Context>, context: Context, caller: Caller): unknown {
  // `name` also replaces the `url` tag, so that ids do not make a series each.
  return request(endpoint, context, caller, { name: endpoint.name });
}

/** As {@link send}, for asking whether something has ended: kept out of the measured traffic. */
export function poll<Context>(endpoint: Endpoint<Context>, context: Context, caller: Caller): unknown {
  return request(endpoint, context, caller, { name: `${endpoint.name}${POLL_SUFFIX}`, phase: 'poll' });
}

function request<Context>(
  endpoint: Endpoint<Context>,
  context: Context,
  { baseUrl, token }: Caller,
  tags: { name: string; phase?: string },
): unknown {
  const { method, path, body } = endpoint.build(context);
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (token !== null) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const response = http.request(
    method,
    `${baseUrl}${path}`,
    body === undefined ? null : JSON.stringify(body),
    {
      headers,
      tags,
      timeout: `${workload.requestTimeoutSeconds}s`,
      responseCallback: http.expectedStatuses(...endpoint.expectedStatuses),
      redirects: 0,
    },
  );
  if (!endpoint.expectedStatuses.includes(response.status)) return null;
  const answer = parseJson(response.body);
  if (endpoint.check(response.status, answer) === null) return answer;
  mismatches.add(1, tags);
  return null;
}

function parseJson(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
