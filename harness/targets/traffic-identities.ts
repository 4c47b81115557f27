import type { TrafficIdentity } from '../../scenarios/endpoint-traffic.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import { rememberSecret } from '../secrets.ts';
import { accountsIn } from './dispatch/accounts.ts';
import { openLoginDesk } from './dispatch/logins.ts';
import { toldOnce } from './dispatch/oddities.ts';
import { paceService } from './dispatch/rate-limit.ts';
import { secretsOf } from './dispatch/secrets.ts';
import { connectService } from './dispatch/service-connection.ts';
import type { Offer } from './offer.ts';
import type { ServicePlace } from './target.ts';

/** Where there is nothing to dispatch, the first account asks. */
const NO_OFFER: Offer = { key: 'none', values: {} };

/**
 * Logs in for each of these offers, from here rather than from the load generator: a login may be a function of the config, and services
 * limit logins. What they give is known as a secret from then on.
 *
 * @throws HarnessError DISPATCH_FAILED, BAD_CONFIG
 */
export async function logInForTraffic(
  loaded: LoadedConfig,
  place: ServicePlace,
  offers: readonly Offer[],
  signal: AbortSignal,
): Promise<readonly TrafficIdentity[]> {
  const { login, service: config } = loaded.config;
  const oddities = toldOnce(() => {});
  const { baseUrl } = place.service;
  const connection = connectService(baseUrl);
  try {
    const desk = openLoginDesk({
      ...{ login, baseUrl, signal, oddities, logins: new Map() },
      service: paceService(connection, config.requestsPerSecond, oddities),
      timeoutMs: 1000 * (config.requestTimeoutSeconds ?? 30),
      queryAccounts: accountsIn(loaded, place),
    });
    const identities: TrafficIdentity[] = [];
    for (const offer of offers.length === 0 ? [NO_OFFER] : offers) {
      const { account, headers } = await desk.identityFor(offer);
      for (const secret of [...Object.values(headers), ...secretsOf(account)]) rememberSecret(secret);
      identities.push({ headers, values: account });
    }
    return identities;
  } finally {
    connection.close();
  }
}
