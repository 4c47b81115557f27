/** The JSON log of k6, line by line. Pure. */

export interface K6LogDigest {
  /** The first exception of an iteration, without its stack; `null` without any. */
  readonly firstException: string | null;
  /** Exceptions of iterations by k6 scenario, whether or not the script counted them itself. */
  readonly exceptionsByScenario: ReadonlyMap<string, number>;
  /** The last error that is not an iteration's exception: why the run broke off. */
  readonly lastError: string | null;
}

interface LogLine {
  readonly level?: string;
  readonly msg?: string;
  readonly source?: string;
  readonly scenario?: string;
}

export async function digestK6Log(lines: AsyncIterable<string> | Iterable<string>): Promise<K6LogDigest> {
  let firstException: string | null = null;
  let lastError: string | null = null;
  const exceptionsByScenario = new Map<string, number>();
  for await (const line of lines) {
    const entry = parseLine(line);
    if (entry.level !== 'error' || entry.msg === undefined) continue;
    const message = withoutStack(entry.msg);
    if (entry.source === 'stacktrace' && entry.scenario !== undefined) {
      firstException ??= message;
      exceptionsByScenario.set(entry.scenario, (exceptionsByScenario.get(entry.scenario) ?? 0) + 1);
    } else lastError = message;
  }
  return { firstException, exceptionsByScenario, lastError };
}

/** A line that is no JSON is a crash of k6 itself. */
function parseLine(line: string): LogLine {
  if (line.trim() === '') return {};
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { level: 'error', msg: line };
  }
}

function withoutStack(message: string): string {
  const [first = ''] = message.split('\n\tat ', 1);
  return first
    .replace(/^(Uncaught )?Error: /, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
