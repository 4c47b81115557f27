/** Writes one JSON line to stderr. Nothing else of this service may write there. */
export type Log = (level: 'warning' | 'error', message: string, fields?: Record<string, unknown>) => void;

export const logToStderr: Log = (level, message, fields = {}) => {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
};

/** Name, message and SQLSTATE of anything that was thrown: no detail line, which would quote row values. */
export function describeError(error: unknown): { error: string; code?: string } {
  if (!(error instanceof Error)) return { error: String(error) };
  // Connecting to a name with several addresses fails with an AggregateError, whose own message is empty.
  const message = error instanceof AggregateError ? error.errors.map(String).join('; ') : error.message;
  const described = { error: `${error.name}: ${message}` };
  return 'code' in error && typeof error.code === 'string' ? { ...described, code: error.code } : described;
}
