import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What `ssh -L` makes of a far database: an address on this machine. */
export interface TcpTunnel {
  readonly port: number;
  /** From now on it passes on no byte of the connections that are open: nobody is told, and nothing is closed. */
  stallOpen(): void;
  /** The same, and new connections are accepted and lead nowhere. */
  stall(): void;
  close(): Promise<void>;
}

/** Opens a port on loopback that leads to another one. */
export async function openTunnel(toPort: number): Promise<TcpTunnel> {
  const sockets = new Set<Socket>();
  const hold = (socket: Socket) => sockets.add(socket.once('close', () => sockets.delete(socket)));
  let leadsNowhere = false;
  const listener = createServer((near) => {
    hold(near);
    if (leadsNowhere) {
      near.on('error', () => {});
      return;
    }
    const far = connect(toPort, '127.0.0.1');
    hold(far);
    for (const socket of [near, far]) {
      socket.on('error', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const stallOpen = () => {
    for (const socket of sockets) socket.unpipe().pause();
  };
  return {
    port: (listener.address() as AddressInfo).port,
    stallOpen,
    stall: () => {
      leadsNowhere = true;
      stallOpen();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      if (!listener.listening) return;
      listener.close();
      await once(listener, 'close');
    },
  };
}
