/**
 * Messages of PostgreSQL's protocol version 3 out of chunks that are cut anywhere
 * (manual: "Message Formats"). All lengths are big-endian and count themselves.
 */

const HEADER_BYTES = 5; // type, then length
const LENGTH_BYTES = 4;

export type MessageHandler = (type: string, body: Buffer) => void;

/**
 * Cuts one direction of a session into messages. `onMessage` gets each when its last byte has come; only the types in
 * `kept` are given with their body, which must not be held on to, all others with an empty one: rows and COPY data are
 * never collected.
 *
 * @throws Error when a length is impossible: these are not messages, or one was missed.
 */
export function messageReader(kept: string, onMessage: MessageHandler): (chunk: Buffer) => void {
  const header = Buffer.alloc(HEADER_BYTES);
  let headerBytes = 0;
  let missingBytes = 0;
  let parts: Buffer[] = [];

  const finish = () => {
    const type = String.fromCharCode(header[0] ?? 0);
    const body = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    headerBytes = 0;
    parts = [];
    onMessage(type, body);
  };

  const readHeader = (chunk: Buffer, from: number): number => {
    const taken = Math.min(HEADER_BYTES - headerBytes, chunk.length - from);
    chunk.copy(header, headerBytes, from, from + taken);
    headerBytes += taken;
    if (headerBytes === HEADER_BYTES) {
      missingBytes = header.readInt32BE(1) - LENGTH_BYTES;
      if (missingBytes < 0) throw new Error(`a message of impossible length ${missingBytes + LENGTH_BYTES}`);
    }
    return from + taken;
  };

  return (chunk) => {
    let at = 0;
    while (at < chunk.length || (headerBytes === HEADER_BYTES && missingBytes === 0)) {
      if (headerBytes < HEADER_BYTES) {
        at = readHeader(chunk, at);
      } else {
        const taken = Math.min(missingBytes, chunk.length - at);
        const isKept = kept.includes(String.fromCharCode(header[0] ?? 0));
        if (isKept && taken > 0) parts.push(chunk.subarray(at, at + taken));
        at += taken;
        missingBytes -= taken;
        if (missingBytes === 0) finish();
      }
    }
  };
}

/** What a client sends first has no type byte: a length, a code, then for a session its parameters. */
export type FirstMessage =
  | { readonly kind: 'tls' | 'gss' | 'cancel' | 'unknown'; readonly bytes: number }
  | { readonly kind: 'startup'; readonly bytes: number; readonly parameters: ReadonlyMap<string, string> };

const CANCEL_CODE = 80877102;
const TLS_CODE = 80877103;
const GSS_CODE = 80877104;
const MAJOR_VERSION = 3;
/** The server refuses a longer one (PostgreSQL: MAX_STARTUP_PACKET_LENGTH in pqcomm.h). */
const LONGEST_FIRST_MESSAGE = 10_000;

/** The first message at the start of `received`, or null while it is not complete. */
export function firstMessageOf(received: Buffer): FirstMessage | null {
  if (received.length < LENGTH_BYTES) return null;
  const bytes = received.readInt32BE(0);
  if (bytes < 8 || bytes > LONGEST_FIRST_MESSAGE) return { kind: 'unknown', bytes: received.length };
  if (received.length < bytes) return null;
  const code = received.readInt32BE(4);
  if (code === TLS_CODE) return { kind: 'tls', bytes };
  if (code === GSS_CODE) return { kind: 'gss', bytes };
  if (code === CANCEL_CODE) return { kind: 'cancel', bytes };
  if (code >> 16 !== MAJOR_VERSION) return { kind: 'unknown', bytes };
  return { kind: 'startup', bytes, parameters: startupParameters(received.subarray(8, bytes)) };
}

function startupParameters(body: Buffer): ReadonlyMap<string, string> {
  const words = body.toString('utf8').split('\0');
  const parameters = new Map<string, string>();
  for (let at = 0; at + 1 < words.length && words[at]; at += 2)
    parameters.set(words[at] ?? '', words[at + 1] ?? '');
  return parameters;
}

/** Asks the server for TLS; it answers with one byte, `S` or `N`. */
export function tlsRequest(): Buffer {
  const message = Buffer.alloc(8);
  message.writeInt32BE(8, 0);
  message.writeInt32BE(TLS_CODE, 4);
  return message;
}

/** An ErrorResponse as the server would send it, of severity FATAL. */
export function fatalError(sqlState: string, text: string): Buffer {
  const body = Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0M${text}\0\0`);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('E', 0);
  header.writeInt32BE(LENGTH_BYTES + body.length, 1);
  return Buffer.concat([header, body]);
}
