/** How k6 ended → what it means for the run. Exit codes: k6 errext/exitcodes/codes.go, the same in 1.x and 2.x. Pure. */
import { HarnessError } from '../errors.ts';

export interface K6End {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** It was told to stop, or killed because it did not. */
  readonly stoppedByUs: boolean;
  readonly lastError: string | null;
  /** Where its messages are, for the hint. */
  readonly logFile: string;
}

/** Of a script whose thresholds k6 judges. */
export const K6_THRESHOLDS_FAILED = 99;

const MEANINGS: Readonly<Record<number, { what: string; hint?: string }>> = {
  99: { what: 'ended because a threshold failed, although thresholds are judged by rushhour' },
  100: {
    what: 'gave up in its setup: logging in took too long',
    hint: 'Is the service overloaded or stuck?',
  },
  101: { what: 'gave up in its teardown' },
  102: { what: 'gave up waiting' },
  103: { what: 'was stopped through its REST interface' },
  104: { what: 'refused its configuration' },
  105: { what: 'was stopped by a signal that rushhour did not send' },
  106: { what: 'could not open its REST interface' },
  107: { what: 'could not run the script' },
  108: { what: 'was aborted by the script' },
  109: { what: 'crashed' },
  110: { what: 'was failed by the script' },
  255: { what: 'could not start: a file is missing or an option is unknown', hint: 'Is this k6 1.x or 2.x?' },
};

/** `null` when the run went to its end, or was stopped by us: then what it measured counts. */
export function k6Failure(end: K6End): HarnessError | null {
  if (end.exitCode === 0 || end.stoppedByUs) return null;
  const meaning = end.exitCode === null ? undefined : MEANINGS[end.exitCode];
  const code = end.exitCode === null ? `signal ${end.signal ?? 'unknown'}` : `exit code ${end.exitCode}`;
  const what = meaning?.what ?? 'ended unexpectedly';
  const said = end.lastError === null ? '' : `: ${end.lastError}`;
  const hint = meaning?.hint === undefined ? '' : `${meaning.hint} `;
  return new HarnessError('LOAD_GENERATOR_FAILED', `k6 ${what} (${code})${said}`, {
    hint: `${hint}Its messages are in ${end.logFile}.`,
  });
}
