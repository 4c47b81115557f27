/** The results folder, served to browsers on this machine and to nobody else. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HarnessError, messageOf } from '../errors.ts';
import type { ResultsState } from './results-watch.ts';
import { findServedFile } from './served-file.ts';

export interface ResultsServer {
  /** Ends with `/`. */
  readonly url: string;
  /** Tells every page that is open. */
  tell(state: ResultsState): void;
  /** Ends every connection too. */
  close(): Promise<void>;
}

export interface ResultsServerOptions {
  readonly resultsRoot: string;
  /** 0: any free one. */
  readonly port: number;
  /** Put into the list when it is served, and into nothing on disk. */
  readonly script: string;
}

const LOOPBACK = '127.0.0.1';

/** No result can have these names: an id begins with its time. */
const EVENTS_PATH = '/events';
const SCRIPT_PATH = '/live.js';

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** @throws HarnessError BAD_OPTION when the port is taken or may not be used */
export async function serveResults(options: ResultsServerOptions): Promise<ResultsServer> {
  const listeners = new Set<ServerResponse>();
  let latest = '';
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const refusal = refusalOf(request, portOf(server));
    if (refusal) return end(response, ...refusal);
    const [address] = (request.url ?? '').split('?', 1);
    if (address === EVENTS_PATH) {
      response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
      response.write(latest || ': connected\n\n');
      if (request.method === 'HEAD') return void response.end();
      listeners.add(response);
      response.once('close', () => listeners.delete(response));
      return;
    }
    if (address === SCRIPT_PATH) return send(response, 'text/javascript; charset=utf-8', options.script);
    await sendFile(options.resultsRoot, request, response);
  };
  await listen(server, options.port);
  return {
    url: `http://${LOOPBACK}:${portOf(server)}/`,
    tell: (state) => {
      const event = `event: results\ndata: ${JSON.stringify(state)}\n\n`;
      if (event === latest) return;
      latest = event;
      for (const listener of listeners) listener.write(event);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A page of another site may make a browser ask us under that site's name (DNS rebinding): only our own names are answered. */
function refusalOf(request: IncomingMessage, port: number): [number, string] | null {
  const names = [LOOPBACK, 'localhost'].map((name) => `${name}:${port}`);
  if (!names.includes(request.headers.host ?? '')) return [403, 'Only this machine is answered.'];
  if (request.method !== 'GET' && request.method !== 'HEAD') return [405, 'Results can only be read.'];
  return null;
}

async function sendFile(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const found = await findServedFile(root, request.url ?? '');
  if (!found) return end(response, 404, 'There is no such file among the results.');
  if (LIST.test(request.url ?? '')) {
    return send(response, found.type, withScript(await readFile(found.file, 'utf8')));
  }
  response.writeHead(200, { ...HEADERS, 'content-type': found.type, 'content-length': found.bytes });
  if (request.method === 'HEAD') return void response.end();
  const file = createReadStream(found.file, { end: Math.max(0, found.bytes - 1) });
  file.once('error', () => response.destroy());
  response.once('close', () => file.destroy());
  file.pipe(response);
}

/** The list of all results; the pages of single results are served as they are on disk. */
const LIST = /^\/(?:index\.html)?(?:[?#]|$)/;

/** From the first moment on the list keeps the place of the panel, see `LIST_STYLE`. */
function withScript(page: string): string {
  return page
    .replace('<html ', '<html class="live" ')
    .replace(/<\/head>/i, (head) => `<script src="${SCRIPT_PATH}" defer></script>\n${head}`);
}

function send(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, {
    ...HEADERS,
    'content-type': type,
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    ...HEADERS,
    'content-type': 'text/plain; charset=utf-8',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
  });
  response.end(`${text}\n`);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(port, error)));
    server.listen(port, LOOPBACK, resolve);
  });
}

function cannotListen(port: number, error: NodeJS.ErrnoException): HarnessError {
  const why = error.code === 'EADDRINUSE' ? 'another program has it' : messageOf(error);
  return new HarnessError('BAD_OPTION', `--port: expected a free port, got ${port}: ${why}.`, {
    cause: error,
    hint: 'Without --port a free one is taken.',
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
