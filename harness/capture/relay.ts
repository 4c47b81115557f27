import type { Socket } from 'node:net';

export interface RelayListener {
  fromClient(chunk: Buffer): void;
  fromServer(chunk: Buffer): void;
}

/**
 * Passes bytes on in both directions, and only then lets them be heard. A side that does not take more makes the other wait;
 * an end is passed on as an end, a break as a break. Resolves when both sides are closed.
 */
export async function relay(client: Socket, server: Socket, listener: RelayListener): Promise<void> {
  await Promise.all([pass(client, server, listener.fromClient), pass(server, client, listener.fromServer)]);
}

async function pass(from: Socket, to: Socket, hear: (chunk: Buffer) => void): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    if (from.closed) resolve();
    else from.once('close', () => resolve());
  });
  from.on('data', (chunk: Buffer) => {
    if (!to.write(chunk)) from.pause();
    hear(chunk);
  });
  to.on('drain', () => from.resume());
  from.on('end', () => to.end());
  from.resume(); // it was held while the other side was being reached
  await closed;
  to.destroySoon();
}
