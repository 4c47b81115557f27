import path from 'node:path';
import { execaNode } from 'execa';

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The tool, loaded once, doing one command line after another. */
export interface CommandLines {
  run(args: readonly string[], cwd: string): Promise<Ended>;
  end(): Promise<void>;
}

/**
 * Loading the tool takes far longer than refusing what is wrong with a command line. Here one process evaluates its main module anew for each;
 * what a process keeps of the ones before, such as passwords, is the difference to a person's shell.
 */
export function startCommandLines(env: Readonly<Record<string, string>>): CommandLines {
  const child = execaNode(path.resolve(import.meta.dirname, 'command-lines-child.ts'), {
    nodeOptions: ['--import', 'tsx'],
    env,
    ipc: true,
    reject: false,
    stdin: 'ignore',
  });
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(args, cwd) {
      const ended = last.then(async () => {
        await child.sendMessage({ args: [...args], cwd });
        return (await child.getOneMessage()) as unknown as Ended;
      });
      last = ended.catch(() => {});
      return ended;
    },
    async end() {
      child.kill();
      await child;
    },
  };
}
