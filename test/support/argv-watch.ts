import { readdirSync, readFileSync } from 'node:fs';

/** How often command lines are read. A process that lives for less may be missed. */
const INTERVAL_MS = 5;

export interface ArgvWatch {
  /** Ends the watch. Every command line that was seen, of each descendant; the process itself is told apart. */
  stop(): { readonly own: readonly string[]; readonly descendants: readonly string[] };
}

/** Reads the command lines of a process and of all that it starts, over and over, as any user of the machine can. Linux only. */
export function watchArgv(pid: number): ArgvWatch {
  const own: string[] = [];
  const descendants = new Set<string>();
  const look = () => {
    const line = commandLineOf(pid);
    if (line !== '' && line !== own.at(-1)) own.push(line);
    for (const child of descendantsOf(pid)) descendants.add(commandLineOf(child));
  };
  look();
  const timer = setInterval(look, INTERVAL_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return { own, descendants: [...descendants].filter((line) => line !== '') };
    },
  };
}

function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

/** man 5 proc, /proc/PID/task/TID/children: a child belongs to the thread that has started it. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return []; // it has ended
  }
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0+$/, '').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
