/** What a client has asked for and the server has not answered yet, in order: answers come in the order of the requests. */
import { bindFields, closeFields, executeFields, parseFields, queryText } from './message-fields.ts';
import type { CapturedParameter } from './transcript.ts';

export type Request = { readonly sentMs: number } & (
  | {
      readonly kind: 'parse';
      readonly name: string;
      readonly text: string;
      readonly parameterTypes: readonly number[];
    }
  | {
      readonly kind: 'bind';
      readonly portal: string;
      readonly statement: string;
      readonly parameters: readonly CapturedParameter[];
    }
  | { readonly kind: 'execute'; readonly portal: string }
  | { readonly kind: 'close'; readonly what: string; readonly name: string }
  | { readonly kind: 'query'; readonly text: string }
  | { readonly kind: 'describe' | 'function' | 'sync' | 'flush' | 'copyEnd' }
);

/** Types of the client's messages whose bodies are read. */
export const CLIENT_BODIES = 'QPBEC';

/** The request in a client's message; null for one that asks for nothing (COPY data, a password, the end). */
export function requestOf(type: string, body: Buffer, sentMs: number): Request | null {
  switch (type) {
    case 'Q':
      return { kind: 'query', text: queryText(body), sentMs };
    case 'P':
      return { kind: 'parse', ...parseFields(body), sentMs };
    case 'B':
      return { kind: 'bind', ...bindFields(body), sentMs };
    case 'E':
      return { kind: 'execute', ...executeFields(body), sentMs };
    case 'C':
      return { kind: 'close', ...closeFields(body), sentMs };
    case 'D':
      return { kind: 'describe', sentMs };
    case 'F':
      return { kind: 'function', sentMs };
    case 'S':
      return { kind: 'sync', sentMs };
    case 'H':
      return { kind: 'flush', sentMs };
    case 'c':
    case 'f':
      return { kind: 'copyEnd', sentMs };
    default:
      return null;
  }
}

const isMarker = (request: Request | undefined) => request?.kind === 'flush' || request?.kind === 'copyEnd';

/**
 * The queue, with the three rules of the protocol about requests that the server passes over: after an error in the
 * extended protocol all up to the next Sync; while it takes COPY data Sync and Flush (manual: "Message Flow",
 * "COPY Operations"); and Flush and the end of COPY data have no answer of their own.
 */
export function requestQueue() {
  let waiting: Request[] = [];
  let skipsToSync = false;
  let takesCopyData = false;

  /** Removes what has no answer from the front; true when a Flush was among it and nothing waits behind. */
  const dropMarkers = (): boolean => {
    let flushed = false;
    while (isMarker(waiting[0])) flushed = waiting.shift()?.kind === 'flush' || flushed;
    return flushed && waiting.length === 0;
  };

  return {
    push(request: Request): void {
      if (request.kind === 'copyEnd') takesCopyData = false;
      else if (takesCopyData && (request.kind === 'sync' || request.kind === 'flush')) return;
      if (skipsToSync && request.kind !== 'sync') return;
      skipsToSync = false;
      if (waiting.length > 0 || !isMarker(request)) waiting.push(request);
    },
    /** The request that the server is answering. */
    head: (): Request | undefined => waiting[0],
    /** It was answered. True when nothing more comes before the client asks again, because it flushed. */
    answered(): boolean {
      waiting.shift();
      takesCopyData = false;
      return dropMarkers();
    },
    /** It failed in the extended protocol. */
    skipToSync(): void {
      const sync = waiting.findIndex(({ kind }) => kind === 'sync');
      skipsToSync = sync < 0;
      waiting = sync < 0 ? [] : waiting.slice(sync);
      takesCopyData = false;
    },
    /** The server asks for COPY data: a Sync or Flush that was sent along before the data is passed over. */
    takeCopyData(): void {
      const end = waiting.findIndex(({ kind }) => kind === 'copyEnd');
      takesCopyData = end < 0;
      const before = end < 0 ? waiting.length : end;
      waiting = waiting.filter(({ kind }, place) => place >= before || (kind !== 'sync' && kind !== 'flush'));
    },
  };
}
