import http from 'node:http';
import { type CompanyDay, loginOf, SEED_PASSWORD } from '../../seed/profiles.ts';
import { HarnessError } from '../errors.ts';
import type { DispatchAnswer, Logins } from '../targets/target.ts';
import { DISPATCH_TIMEOUT_MS, notAnswered } from './not-answered.ts';
import { type DispatchRun, requestToken } from './service-client.ts';

/** The in-process client of the reference service: one connection to one service, one dispatch at a time. */
export interface DispatchClient {
  /** @throws HarnessError DISPATCH_FAILED unless the dispatch completed */
  dispatch(companyDay: CompanyDay): Promise<DispatchAnswer>;
  close(): void;
}

/** Logs in to one service for every company that is missing in `logins`. */
export async function collectTokens(
  logins: Logins,
  options: { baseUrl: string; companyDays: readonly CompanyDay[]; signal: AbortSignal },
): Promise<void> {
  for (const { companyId } of options.companyDays) {
    const account = String(companyId);
    if (logins.has(account)) continue;
    const credentials = { email: loginOf(companyId).email, password: SEED_PASSWORD };
    const token = await requestToken(options.baseUrl, credentials, options.signal);
    logins.set(account, { authorization: `Bearer ${token}` });
  }
}

/**
 * Not `fetch`: its streams and promises cost up to a millisecond a request, and not the same one each time. One socket is
 * kept open, so that no dispatch pays for a handshake.
 */
export function dispatchClient(
  baseUrl: string,
  logins: Logins,
  signal: AbortSignal,
  timeoutMs: number = DISPATCH_TIMEOUT_MS,
): DispatchClient {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const url = new URL('/api/v1/company_dispatch/run?wait=true', baseUrl);
  return {
    dispatch: async ({ companyId, day }) => {
      const body = JSON.stringify({ date: day });
      const headers = {
        ...logins.get(String(companyId)),
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
      };
      const order = { method: 'POST', agent, headers, signal, timeout: timeoutMs };
      const answer = await exchange(url, order, body).catch((error: unknown) => {
        signal.throwIfAborted();
        throw notAnswered('POST', url, timeoutMs, error);
      });
      const { run } = parseRun(answer, day);
      const { offered, assigned, unassigned, phases } = run;
      return { wallMs: answer.wallMs, offered, assigned, unassigned, phases };
    },
    close: () => agent.destroy(),
  };
}

interface Exchange {
  readonly status: number;
  readonly text: string;
  readonly wallMs: number;
}

function exchange(url: URL, options: http.RequestOptions, body: string): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const wallMs = performance.now() - sentAt;
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8'), wallMs });
      });
    });
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new DOMException('no answer', 'TimeoutError')));
    const sentAt = performance.now();
    request.end(body);
  });
}

function parseRun(answer: Exchange, day: string): { run: DispatchRun } {
  const failed = (what: string) =>
    new HarnessError('DISPATCH_FAILED', `The dispatch of ${day} ${what}: ${answer.text.slice(0, 300)}`);
  if (answer.status !== 200) throw failed(`was answered ${answer.status}`);
  const body = JSON.parse(answer.text) as { run: DispatchRun };
  if (body.run.status !== 'completed') throw failed(`ended as "${body.run.status}"`);
  return body;
}
