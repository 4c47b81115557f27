/** The database behind the tap. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import tls from 'node:tls';
import { HarnessError } from '../errors.ts';
import { tlsRequest } from './wire-messages.ts';

export interface Upstream {
  readonly host: string;
  readonly port: number;
  /** Whether connections are encrypted: never, when the server offers it, always. */
  readonly tls: 'off' | 'preferred' | 'required';
  readonly tlsOptions: tls.ConnectionOptions;
}

const DEFAULT_PORT = 5432;

/**
 * Where a connection URL leads, with the meaning that libpq gives to `sslmode` (manual: "SSL Support"): `require` encrypts and
 * trusts any certificate unless `sslrootcert` is named.
 * @throws HarnessError BAD_OPTION
 */
export async function upstreamOf(connectionUrl: string): Promise<Upstream> {
  const url = URL.canParse(connectionUrl) ? new URL(connectionUrl) : null;
  if (!url || !/^postgres(?:ql)?:$/.test(url.protocol))
    throw new HarnessError(
      'BAD_OPTION',
      'A tap needs a URL like postgres://user@host:5432/database, got another text.',
    );
  const parameter = (name: string) => url.searchParams.get(name) ?? undefined;
  const host = (parameter('host') ?? decodeURIComponent(url.hostname)).replace(/^\[|\]$/g, '') || '127.0.0.1';
  if (host.startsWith('/') || host.includes(','))
    throw new HarnessError('BAD_OPTION', `A tap needs one host that is reached by TCP, got ${host}.`);
  const port = Number(parameter('port') ?? (url.port || DEFAULT_PORT));
  const mode =
    parameter('sslmode') ?? (/^(?:1|true)$/.test(parameter('ssl') ?? '') ? 'verify-full' : 'disable');
  const rootCertificate = parameter('sslrootcert');
  const verifies = /^verify/.test(mode) || (mode === 'require' && rootCertificate !== undefined);
  const file = async (name: string) => {
    const path = parameter(name);
    return path && path !== 'system' ? { [KEY_OF[name] ?? name]: await readFile(path) } : {};
  };
  return {
    host,
    port,
    tls: TLS_OF[mode] ?? 'required',
    tlsOptions: {
      ...(await file('sslrootcert')),
      ...(await file('sslcert')),
      ...(await file('sslkey')),
      rejectUnauthorized: verifies,
      ...(net.isIP(host) ? {} : { servername: host }),
      ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    },
  };
}

const TLS_OF: Readonly<Record<string, Upstream['tls']>> = {
  disable: 'off',
  allow: 'off',
  prefer: 'preferred',
};
const KEY_OF: Readonly<Record<string, string>> = { sslrootcert: 'ca', sslcert: 'cert', sslkey: 'key' };

/** A connection, encrypted when it has to be. @throws Error when there is none to be had. */
export async function connectUpstream(upstream: Upstream): Promise<net.Socket> {
  const socket = net.connect({
    host: upstream.host,
    port: upstream.port,
    noDelay: true,
    allowHalfOpen: true,
  });
  try {
    await once(socket, 'connect');
    return upstream.tls === 'off' ? socket : await encrypt(socket, upstream);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function encrypt(socket: net.Socket, upstream: Upstream): Promise<net.Socket> {
  socket.write(tlsRequest());
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.pause();
  if (answer.toString('latin1') !== 'S') {
    if (upstream.tls === 'preferred' && answer.toString('latin1') === 'N') return socket;
    throw new Error('the server does not offer TLS, and the connection URL asks for it');
  }
  const encrypted = tls.connect({ ...upstream.tlsOptions, socket });
  await once(encrypted, 'secureConnect');
  return encrypted;
}
