import { withoutUrlPassword } from '../secrets.ts';

/**
 * Takes passwords in URLs out of this process's command line as others see it (`ps`, /proc/PID/cmdline): a person may have typed
 * one. `process.argv` stays as it is. Before this, in the first moments of the process, it can be read.
 */
export function hideOwnPasswords(): void {
  const typed = [process.argv0, ...process.execArgv, ...process.argv.slice(1)];
  const shown = typed.map(withoutUrlPassword);
  if (shown.some((argument, index) => argument !== typed[index])) process.title = shown.join(' ');
}
