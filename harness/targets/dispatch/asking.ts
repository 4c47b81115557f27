/** Requests to a service that is not ours, other than dispatches: logged in, paced, and answered with JSON or an error. */

import type { LoadedConfig } from '../../config/loaded-config.ts';
import type { RequestConfig, Values } from '../../config/rushhour-config.ts';
import { HarnessError } from '../../errors.ts';
import type { Offer } from '../offer.ts';
import { fillRequest } from '../placeholders.ts';
import type { Logins, ServicePlace } from '../target.ts';
import { accountsIn } from './accounts.ts';
import { openLoginDesk } from './logins.ts';
import { toldOnce } from './oddities.ts';
import { paceService } from './rate-limit.ts';
import { excerpt, secretsOf } from './secrets.ts';
import { connectService, LostAnswer } from './service-connection.ts';

export interface AskingOptions {
  readonly logins: Logins;
  readonly signal: AbortSignal;
  readonly onOddity: (sentence: string) => void;
}

export interface Question {
  /** Whose account asks, and whose values fill the request. */
  readonly offer: Offer;
  /** Beside those of the offer and the account. */
  readonly values?: Values;
  /** Statuses that are right. Default: every 2xx. */
  readonly expect?: readonly number[] | undefined;
  /** What to do when it is refused. */
  readonly hint: string;
}

export interface Asking {
  /**
   * The JSON of the answer; `null` where it has no body.
   * @throws HarnessError DISPATCH_FAILED when it is refused or not answered, BAD_CONFIG naming a placeholder without a value
   */
  ask(request: RequestConfig, question: Question): Promise<unknown>;
  close(): void;
}

/** Logs in when first asked. */
export function openAsking(loaded: LoadedConfig, place: ServicePlace, options: AskingOptions): Asking {
  const { login, service: config } = loaded.config;
  const { logins, signal } = options;
  const oddities = toldOnce(options.onOddity);
  const connection = connectService(place.service.baseUrl);
  const service = paceService(connection, config.requestsPerSecond, oddities);
  const timeoutMs = 1000 * (config.requestTimeoutSeconds ?? 30);
  const desk = openLoginDesk({
    ...{ login, service, oddities, logins, signal, timeoutMs, baseUrl: place.service.baseUrl },
    queryAccounts: accountsIn(loaded, place),
  });
  const ask: Asking['ask'] = async (request, { offer, values = {}, expect, hint }) => {
    for (let isRenewed = false; ; isRenewed = true) {
      const { account, headers } = await desk.identityFor(offer);
      const filled = fillRequest(request, { ...account, ...offer.values, ...values });
      const where = `${filled.method} ${request.path} about offer ${offer.key}`;
      const refused = (what: string) => new HarnessError('DISPATCH_FAILED', `${where} ${what}`, { hint });
      const send = service.send(filled, { headers, timeoutMs, signal, remedy: 'service.requestsPerSecond' });
      const answer = await send.catch((error: unknown) => {
        throw error instanceof LostAnswer ? refused(`was not answered: ${error.message}.`) : error;
      });
      if (answer.status === 401 && !isRenewed && (await desk.renew(offer))) continue;
      const said = excerpt(answer.text, [...secretsOf(account), ...Object.values(headers)]);
      const isRight = expect?.includes(answer.status) ?? (answer.status >= 200 && answer.status < 300);
      if (!isRight) throw refused(`was answered ${answer.status}: ${said}`);
      if (answer.text.trim() === '') return null;
      try {
        return JSON.parse(answer.text);
      } catch {
        throw refused(`was answered no JSON: ${said}`);
      }
    }
  };
  return { ask, close: () => connection.close() };
}
