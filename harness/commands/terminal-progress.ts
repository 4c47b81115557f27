import ora from 'ora';
import type { Progress } from '../progress.ts';
import { isLively } from './terminal-text.ts';

/** Progress on stderr, so that stdout holds nothing but the result: a moving line on a terminal, plain lines elsewhere. */
export function terminalProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return isLively(stream) ? livelyProgress(stream) : plainProgress(stream);
}

function livelyProgress(stream: NodeJS.WriteStream): Progress {
  return {
    note: (line) => stream.write(`${line}\n`),
    step: async (title, work) => {
      const startedMs = performance.now();
      // stdin stays as it is: ora would otherwise swallow the Ctrl-C that must reach our own handler.
      const spinner = ora({ text: title, stream, discardStdin: false }).start();
      let detail = '';
      const clock = setInterval(() => {
        spinner.text = [title, detail, elapsed(startedMs)].filter(Boolean).join(' · ');
      }, 250);
      try {
        const result = await work((text) => {
          detail = text;
        });
        spinner.succeed(`${title} · ${elapsed(startedMs)}`);
        return result;
      } catch (error) {
        spinner.fail(`${title} · ${elapsed(startedMs)}`);
        throw error;
      } finally {
        clearInterval(clock);
      }
    },
  };
}

/** How often a long step shows a sign of life in a log. */
const PLAIN_INTERVAL_MS = 15_000;

function plainProgress(stream: NodeJS.WriteStream): Progress {
  return {
    note: (line) => stream.write(`${line}\n`),
    step: async (title, work) => {
      const startedMs = performance.now();
      let saidMs = startedMs;
      try {
        const result = await work((detail) => {
          if (performance.now() - saidMs < PLAIN_INTERVAL_MS) return;
          saidMs = performance.now();
          stream.write(`  … ${title}: ${detail}\n`);
        });
        stream.write(`✔ ${title} · ${elapsed(startedMs)}\n`);
        return result;
      } catch (error) {
        stream.write(`✖ ${title} · ${elapsed(startedMs)}\n`);
        throw error;
      }
    },
  };
}

function elapsed(startedMs: number): string {
  const seconds = (performance.now() - startedMs) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
