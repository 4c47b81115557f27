import type { LiveReading } from './live/live-reading.ts';
import { redact } from './secrets.ts';

/** How a long command tells what it is doing. The terminal's version is in `commands/terminal-progress.ts`. */
export interface Progress {
  /** Runs one step under a title; `update` shows what it is at. The step's line stays, with how long it took. */
  step<T>(title: string, work: (update: (detail: string) => void) => Promise<T>): Promise<T>;
  /** A line of its own between the steps. */
  note(line: string): void;
  /** How what the step measures goes, about once a second. Absent where nobody is told. */
  reading?(reading: LiveReading): void;
}

/** The same, with a label before the title of each step: "baseline · Growth". */
export function labelled(progress: Progress, label: string): Progress {
  return { ...progress, step: (title, work) => progress.step(`${label} · ${title}`, work) };
}

/** The same, with no secret in titles, details and notes. */
export function redacted(progress: Progress): Progress {
  return {
    step: (title, work) => progress.step(redact(title), (update) => work((detail) => update(redact(detail)))),
    note: (line) => progress.note(redact(line)),
    reading: (reading) => progress.reading?.(reading),
  };
}
