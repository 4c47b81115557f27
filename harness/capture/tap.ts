/** A place on this machine where a service reaches its database, and is heard while it talks to it. */
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import { type HeardSession, hearSession } from './heard-session.ts';
import { readOpening } from './opening.ts';
import { relay } from './relay.ts';
import { loadStatementParser } from './statement-identity.ts';
import type { Transcript } from './transcript.ts';
import { transcriptCollector } from './transcript-collector.ts';
import { connectUpstream, type Upstream, upstreamOf } from './upstream.ts';
import { fatalError } from './wire-messages.ts';

export interface TapOptions {
  /** Connection URL of the database's server; its user and database do not matter. */
  readonly upstream: string;
}

export interface Tap {
  readonly port: number;
  /** The same connection by way of the tap, unencrypted up to there. Holds the password: never to be printed. */
  urlFor(databaseUrl: string): string;
  /** All that ended since the last take; it is forgotten here. Times are milliseconds since the tap was opened. */
  take(): Transcript;
  /** Resolves when no exchange is open and nothing has come for some milliseconds. */
  idle(): Promise<void>;
  /** Sessions that are open now. */
  sessions(): number;
  /** Ends all sessions and stops listening. */
  close(): Promise<void>;
}

/** Longer than a service needs between two statements of one piece of work, mostly; a caller knows when the work is done. */
const QUIET_MS = 5;

/**
 * Opens a tap on a free port of 127.0.0.1. It changes no byte of a session; it only answers requests for encryption with no, and
 * encrypts its own way to the server when the URL asks for that (SCRAM then cannot bind to the channel).
 * Nothing that was heard is written anywhere.
 *
 * @throws HarnessError BAD_OPTION for a URL that it cannot follow
 */
export async function openTap({ upstream: upstreamUrl }: TapOptions): Promise<Tap> {
  await loadStatementParser();
  const upstream = await upstreamOf(upstreamUrl);
  const heard = transcriptCollector();
  const openedAt = performance.now();
  const clock = () => performance.now() - openedAt;
  const sockets = new Set<Socket>();
  const sessions = new Set<HeardSession>();
  let sessionCount = 0;
  let lastHeardMs = 0;

  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // it is closed next, and the other side with it
    socket.once('close', () => sockets.delete(socket));
  };

  const serve = async (client: Socket) => {
    keep(client);
    const opening = await readOpening(client);
    if (!opening) return;
    const server = await connectUpstream(upstream).catch((error) => refuse(client, upstream, error));
    if (!server) return;
    keep(server);
    server.write(opening.bytes);
    if (opening.message.kind !== 'startup') {
      if (opening.message.kind === 'unknown')
        heard.addBlindSpot('A connection did not speak protocol version 3.');
      return relay(client, server, { fromClient: () => {}, fromServer: () => {} });
    }
    const session = hearSession(++sessionCount, opening, heard);
    sessions.add(session);
    const touch = () => {
      lastHeardMs = clock();
      return lastHeardMs;
    };
    await relay(client, server, {
      fromClient: (chunk) => session.fromClient(chunk, touch()),
      fromServer: (chunk) => session.fromServer(chunk, touch()),
    });
    session.close(touch());
    sessions.delete(session);
  };

  const listener = net.createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    serve(client).catch((error) => {
      heard.addBlindSpot(`A connection could not be served: ${messageOf(error)}.`);
      client.destroy();
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;

  const isQuiet = () =>
    clock() - lastHeardMs >= QUIET_MS && [...sessions].every((session) => !session.isUnderWay());

  return {
    port,
    urlFor: (databaseUrl) => urlByWayOf(port, databaseUrl),
    take: heard.take,
    sessions: () => sessions.size,
    async idle() {
      while (!isQuiet()) await pause(QUIET_MS);
    },
    async close() {
      const closed = new Promise((resolve) => listener.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The driver shows this to whoever runs the service. */
function refuse(client: Socket, { host, port }: Upstream, error: unknown): null {
  client.end(
    fatalError('08001', `the tap cannot reach the database at ${host}:${port}: ${messageOf(error)}`),
  );
  return null;
}

/** What is only about the way to the server, which the tap goes itself. */
const WAY_PARAMETERS = [
  'host',
  'hostaddr',
  'port',
  'ssl',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
].concat(['sslcrl', 'sslnegotiation', 'ssl_min_protocol_version', 'gssencmode', 'channel_binding']);

function urlByWayOf(port: number, databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  for (const name of WAY_PARAMETERS) url.searchParams.delete(name);
  url.searchParams.set('sslmode', 'disable');
  return url.toString();
}
