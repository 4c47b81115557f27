import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What `ssh -L` makes of a far database: an address on this machine. */
export interface TcpTunnel {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens a port on loopback that leads to another one. */
export async function openTunnel(toPort: number): Promise<TcpTunnel> {
  const sockets = new Set<Socket>();
  const listener = createServer((near) => {
    const far = connect(toPort, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket.once('close', () => sockets.delete(socket)));
      socket.on('error', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}
