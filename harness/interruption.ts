import { EXIT, HarnessError } from './errors.ts';

/** Ctrl-C, a supervisor or CI that stops a job, a terminal that is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Within this time a second signal is the first one again. */
const SAME_REQUEST_MS = 500;

/**
 * Ends the process in order: the first signal only asks, so that everything started is stopped and what was measured is kept.
 * The second one ends it at once.
 *
 * One request often comes twice. npm passes on the SIGINT that the terminal has sent to both, a shell the SIGHUP of its
 * terminal, and systemd sends SIGHUP after SIGTERM.
 */
export function interruptible(): AbortSignal {
  const controller = new AbortController();
  let askedMs = 0;
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      if (performance.now() - askedMs < SAME_REQUEST_MS) return;
      process.stderr.write('\nStopped at once. The next start ends and drops what was left.\n');
      process.exit(EXIT.interrupted);
    }
    askedMs = performance.now();
    process.stderr.write(
      `\n${name}: stopping what was started and keeping what was measured. Once more stops at once.\n`,
    );
    controller.abort(new HarnessError('INTERRUPTED', `Interrupted by ${name}.`));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return controller.signal;
}

/** A terminal that was closed, or a reader that has left, must not end the work that is being stopped in order. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
}
