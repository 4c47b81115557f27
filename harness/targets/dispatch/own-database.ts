import { networkInterfaces } from 'node:os';
import { HarnessError, messageOf } from '../../errors.ts';
import { connectedPorts } from '../../machine/process-sockets.ts';
import { hostOf } from '../../postgres/server.ts';
import { statementDelta } from '../../postgres/statement-stats.ts';
import { seenDuring } from '../seen-during.ts';
import type { ServicePlace } from '../target.ts';
import type { OpenSession, ServiceActivity } from './service-activity.ts';

/**
 * Sees to it that a service which the tool has started works in the database it was given and in no other: it may read an address of
 * its own, from an `.env` file for example, and what it answers does not tell. Its sessions do.
 */
export interface OwnDatabase {
  /**
   * Does `logIn`, and returns once the service was seen in its database. As long as it was not, it is asked what changes nothing.
   * @param wake requests that only read, to be asked one after another; one that fails tells nothing
   * @throws HarnessError REFUSED when it is never seen there, or is seen in another one; DISPATCH_FAILED when it lets nobody in
   */
  requireSeen(logIn: () => Promise<void>, wake: () => readonly (() => Promise<unknown>)[]): Promise<void>;
  /** Of service and workers. @throws HarnessError REFUSED when one of their processes has a session in another database */
  requireNowhereElse(): Promise<void>;
}

export function watchOwnDatabase(place: ServicePlace, activity: ServiceActivity): OwnDatabase {
  const { oid } = place.database;
  // One that runs already was seen in its database when it was taken up, and its processes are not ours to look at.
  const isStarted = place.service.pids.length > 0;
  const isHere = async () => (await activity.sessions()).some(({ databaseOid }) => databaseOid === oid);
  const hasSaidSomething = async (work: () => Promise<unknown>) => {
    const before = await activity.count();
    const seen = await seenDuring(isHere, work);
    const after = await activity.count();
    return seen || (before !== null && after !== null && statementDelta(before, after).length > 0);
  };
  const requireNowhereElse = async () => {
    if (!isStarted) return;
    const sessions = await activity.sessions();
    const elsewhere = sessionsOf(place, sessions).filter((one) => one.databaseOid !== oid);
    if (elsewhere.length > 0) throw worksElsewhere(place, [...new Set(elsewhere.map((one) => one.database))]);
  };
  return {
    requireNowhereElse,
    requireSeen: async (logIn, wake) => {
      await requireNowhereElse();
      if (!isStarted || (await isHere())) return logIn();
      if (await hasSaidSomething(logIn)) return requireNowhereElse();
      const failures: string[] = [];
      const noted = (error: unknown) => {
        const said = messageOf(error);
        if (/ was (not answered|answered [45])/.test(said)) failures.push(said);
      };
      for (const ask of wake()) {
        if (await hasSaidSomething(() => ask().catch(noted))) return requireNowhereElse();
      }
      await requireNowhereElse();
      throw failures.length > 0 && failures.every((said) => / was answered 40[13]/.test(said))
        ? letsNobodyIn(place, failures)
        : neverSeen(place, failures);
    },
  };
}

/** Sessions that processes of the service have opened. Empty where the platform does not tell, or a proxy is between. */
function sessionsOf({ service, server }: ServicePlace, sessions: readonly OpenSession[]): OpenSession[] {
  const ports = connectedPorts(service.pids, Number(new URL(server.adminUrl()).port || '5432'));
  const own = ownAddresses();
  return sessions.filter(
    ({ client }) => client !== null && own.has(client.address) && ports.has(client.port),
  );
}

function ownAddresses(): Set<string> {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return new Set(['127.0.0.1', '::1', ...addresses.map(({ address }) => address)]);
}

const HINT =
  "It reads its address somewhere else than in the variables it is given: an .env file, settings of its own, a default. Name the variable it reads: start: { environment: { ITS_NAME: '{databaseUrl}' } }, or the parts of the address.";

function worksElsewhere({ server, database }: ServicePlace, names: readonly string[]): HarnessError {
  return new HarnessError(
    'REFUSED',
    `The service, or a worker of it, works in another database: a process of it is connected to ${names.map((name) => `"${name}"`).join(', ')} on ${hostOf(server)}. Expected all of it in "${database.name}" alone.`,
    { hint: HINT },
  );
}

/** A login that is wrong keeps a service from its database, whichever that is. */
function letsNobodyIn({ service }: ServicePlace, failures: readonly string[]): HarnessError {
  return new HarnessError(
    'DISPATCH_FAILED',
    `The service at ${service.baseUrl} refuses what it is asked before it looks into any database, so nothing was dispatched. ${failures.join(' ')}`,
    { hint: 'Check `login` in the config: what it gives is not accepted.' },
  );
}

/** @param failures of the requests that were to wake it */
function neverSeen({ service, server, database }: ServicePlace, failures: readonly string[]): HarnessError {
  const asked = failures.length === 0 ? '' : ` What it was asked to read failed: ${failures.join(' ')}`;
  return new HarnessError(
    'REFUSED',
    `The service at ${service.baseUrl} answers, but no session of it was seen in the database "${database.name}" on ${hostOf(server)}: it may work in another one. Nothing was dispatched.${asked}`,
    {
      hint: `${HINT} A service that connects only when it is asked for rows needs a request in service.warmUp that does so.`,
    },
  );
}
