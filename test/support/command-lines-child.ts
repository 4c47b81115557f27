import { fileURLToPath } from 'node:url';

const MAIN = new URL('../../harness/main.ts', import.meta.url).href;
const BIN = fileURLToPath(new URL('../../bin/rushhour.js', import.meta.url));

process.setMaxListeners(0); // each command line listens for its own interruption
process.stdout.setMaxListeners(0);
process.stderr.setMaxListeners(0);

let said = { stdout: '', stderr: '' };
for (const name of ['stdout', 'stderr'] as const)
  process[name].write = (chunk: string | Uint8Array) => {
    said[name] += Buffer.from(chunk as string);
    return true;
  };

let count = 0;
process.on('message', async ({ args, cwd }: { args: readonly string[]; cwd: string }) => {
  said = { stdout: '', stderr: '' };
  process.chdir(cwd);
  process.argv = [process.execPath, BIN, ...args];
  process.exitCode = 0;
  await import(`${MAIN}?${++count}`);
  process.send?.({
    exitCode: process.exitCode,
    stdout: said.stdout.trimEnd(),
    stderr: said.stderr.trimEnd(),
  });
});
