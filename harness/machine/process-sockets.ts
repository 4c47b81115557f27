/** TCP sockets and who holds them. Of Linux's /proc; elsewhere, and where it does not tell, there are none. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

interface TcpSocket {
  readonly inode: string;
  readonly localPort: number;
  readonly remotePort: number;
  /** As the kernel numbers states (include/net/tcp_states.h). */
  readonly state: string;
}

const ESTABLISHED = '01';
const LISTEN = '0A';

/** Inodes of the sockets that listen at a port. */
export function listeningSockets(port: number): Set<string> {
  return new Set(
    tcpSockets()
      .filter(({ state, localPort }) => state === LISTEN && localPort === port)
      .map(({ inode }) => inode),
  );
}

/**
 * The ports on this machine's side of the connections that these processes have to a port elsewhere. Two connections may have the same one,
 * but not to the same place.
 */
export function connectedPorts(pids: readonly number[], toPort: number): Set<number> {
  const held = new Set(pids.flatMap(socketsOf));
  return new Set(
    tcpSockets()
      .filter(
        ({ state, inode, remotePort }) => state === ESTABLISHED && remotePort === toPort && held.has(inode),
      )
      .map(({ localPort }) => localPort),
  );
}

/** Inodes of the sockets that a process has open. */
export function socketsOf(pid: number): string[] {
  return namesIn(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      const target = readlinkSync(`/proc/${pid}/fd/${descriptor}`);
      return /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [];
    } catch {
      return []; // closed meanwhile
    }
  });
}

/** Columns 2, 3, 4 and 10 of /proc/net/tcp (Linux: Documentation/networking/proc_net_tcp.rst). */
function tcpSockets(): TcpSocket[] {
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => read(file).split('\n').slice(1));
  return lines.flatMap((line) => {
    const [, local = '', remote = '', state = '', , , , , , inode = ''] = line.trim().split(/\s+/);
    return inode === '' ? [] : [{ inode, state, localPort: portOf(local), remotePort: portOf(remote) }];
  });
}

function portOf(address: string): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
