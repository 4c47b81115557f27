/** One visit: its endpoints one after another, each with what the earlier ones extracted. */
import { askingAt, type TrafficEndpoint } from '../endpoint-traffic.ts';
import type { Turn } from '../target-turns.ts';
import { ask, extracted } from './endpoint-client.ts';
import { identities, plan } from './endpoint-plan.ts';
import { targets } from './plan.ts';

/** A visit ends where an answer that values are taken from is not as expected: what follows could not be asked. */
export function runVisit(endpoints: readonly string[], { target, index }: Turn): void {
  const { identity, values } = askingAt(plan, identities[target] ?? [], index);
  let known = values;
  for (const name of endpoints) {
    const endpoint = plan.endpoints[name] as TrafficEndpoint;
    const answer = ask(endpoint, { identity, values: known }, targets[target]?.baseUrl ?? '');
    if (!answer.expected) {
      if (Object.keys(endpoint.extract).length > 0) return;
      continue;
    }
    const found = extracted(endpoint, answer);
    if (found === null) return;
    known = { ...known, ...found };
  }
}
