import type { LoadedConfig } from '../config/loaded-config.ts';
import type { AskedAnswer } from '../service/asked-answers.ts';
import { openAsking } from '../targets/dispatch/asking.ts';
import { openConfiguredDispatcher } from '../targets/dispatch/configured-dispatcher.ts';
import { comparable } from '../targets/dispatch/configured-outcome.ts';
import { endpointName } from '../targets/endpoint-name.ts';
import { appliedTables } from './applied-tables.ts';
import { deleteLargestTable } from './damage-rows.ts';
import type { WeekSubject } from './week-subject.ts';

/** A service that a config describes: what its tables are is looked up, what it answers is asked by `outcome.answers`. */
export function configuredSubject(loaded: LoadedConfig): WeekSubject {
  return {
    damage: deleteLargestTable,
    appliedTables,
    askForAnswers: (place, offers, signal) => askAfterDispatches(loaded, { place, offers, signal }),
  };
}

type Asked = Parameters<WeekSubject['askForAnswers']>;

async function askAfterDispatches(
  loaded: LoadedConfig,
  {
    place,
    offers,
    signal,
  }: { readonly place: Asked[0]; readonly offers: Asked[1]; readonly signal: Asked[2] },
): Promise<AskedAnswer[]> {
  const { answers: requests = [], ignore } = loaded.config.outcome;
  if (requests.length === 0) return [];
  const options = { logins: new Map(), signal, onOddity: () => {} };
  const dispatcher = await openConfiguredDispatcher(loaded, place, { ...options, offers });
  const asking = openAsking(loaded, place, options);
  try {
    const answers: AskedAnswer[] = [];
    for (const offer of offers) {
      await dispatcher.dispatch(offer);
      for (const request of requests) {
        const hint = 'Check `outcome.answers`, and the log of the service.';
        const body = await asking.ask(request, { offer, hint });
        const text = JSON.stringify(comparable(body, new Set(ignore)));
        answers.push({ request: endpointName(request), text });
      }
    }
    return answers;
  } finally {
    asking.close();
    dispatcher.close();
  }
}
