import type { Socket } from 'node:net';
import { type FirstMessage, firstMessageOf } from './wire-messages.ts';

/** How a connection began, after its wishes for encryption were refused. */
export interface Opening {
  readonly message: FirstMessage;
  /** To be passed on: the message, and what came with it. */
  readonly bytes: Buffer;
}

const NO = 'N';

/** Reads up to the first message for the server, then holds the socket. Null when the client goes before. */
export async function readOpening(client: Socket): Promise<Opening | null> {
  return new Promise((resolve) => {
    let received: Buffer = Buffer.alloc(0);
    const end = (opening: Opening | null) => {
      client.pause();
      client.off('data', read).off('end', leave).off('close', leave);
      resolve(opening);
    };
    const leave = () => {
      client.destroy();
      end(null);
    };
    const read = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      for (let message = firstMessageOf(received); message; message = firstMessageOf(received)) {
        if (message.kind !== 'tls' && message.kind !== 'gss') return end({ message, bytes: received });
        received = received.subarray(message.bytes);
        client.write(NO);
      }
    };
    client.on('data', read).on('end', leave).on('close', leave);
  });
}
