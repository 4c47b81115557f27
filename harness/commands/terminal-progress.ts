import ora from 'ora';
import type { LiveReading } from '../live/live-reading.ts';
import { readingLine, readingLines } from '../live/reading-lines.ts';
import type { Progress } from '../progress.ts';
import { dimOnTerminal, isLively } from './terminal-text.ts';

/** Progress on stderr, so that stdout holds nothing but the result: a moving line on a terminal, plain lines elsewhere. */
export function terminalProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return isLively(stream) ? livelyProgress(stream) : plainProgress(stream);
}

/** Left of the text of a step stands its moving sign, and left of what is under it as much room. */
const INDENT = '  ';

function livelyProgress(stream: NodeJS.WriteStream): Progress {
  let latest: LiveReading | null = null;
  let bottleneck: string | null = null;
  return {
    note: (line) => stream.write(`${line}\n`),
    reading: (reading) => {
      latest = reading;
      bottleneck = reading.bottleneck ?? null;
    },
    step: async (title, work) => {
      const startedMs = performance.now();
      [latest, bottleneck] = [null, null];
      // stdin stays as it is: ora would otherwise swallow the Ctrl-C that must reach our own handler.
      const spinner = ora({ text: title, stream, discardStdin: false }).start();
      let detail = '';
      const draw = () => {
        const head = [title, latest ? '' : detail, elapsed(startedMs)].filter(Boolean).join(' · ');
        spinner.text = [head, ...block(latest, stream)].join('\n');
      };
      const clock = setInterval(draw, 250);
      stream.on('resize', draw);
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
        stream.off('resize', draw);
        if (bottleneck) stream.write(`${INDENT}${bottleneck}\n`);
      }
    },
  };
}

/** Narrower than the terminal: a line that wraps would leave its rest behind when it is drawn again. */
function block(reading: LiveReading | null, stream: NodeJS.WriteStream): string[] {
  if (reading === null) return [];
  const width = Math.max(20, (stream.columns ?? 80) - INDENT.length - 1);
  const dim = dimOnTerminal(stream);
  return readingLines(reading, width).map((line) => INDENT + dim(line));
}

/** How often a long step shows a sign of life in a log. */
const PLAIN_INTERVAL_MS = 15_000;

function plainProgress(stream: NodeJS.WriteStream): Progress {
  let say: (reading: LiveReading) => void = () => {};
  return {
    note: (line) => stream.write(`${line}\n`),
    reading: (reading) => say(reading),
    step: async (title, work) => {
      const startedMs = performance.now();
      let saidMs = startedMs;
      let saidBottleneck = false;
      let hasReadings = false;
      const sign = (text: string) => {
        if (performance.now() - saidMs < PLAIN_INTERVAL_MS) return;
        saidMs = performance.now();
        stream.write(`  … ${title}: ${text}\n`);
      };
      say = (reading) => {
        hasReadings ||= reading.load !== undefined;
        if (reading.bottleneck && !saidBottleneck) stream.write(`  ${reading.bottleneck}\n`);
        saidBottleneck ||= reading.bottleneck !== undefined;
        if (hasReadings) sign(readingLine(reading));
      };
      try {
        const result = await work((detail) => {
          if (!hasReadings) sign(detail);
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
