import { HarnessError, messageOf } from '../errors.ts';

/** What the system says of a socket whose other end has gone. */
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTCONN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
]);

/** Words of pg for the same; it gives them no code. */
const WORDS = /^(Connection terminated|Client has encountered a connection error)/;

/**
 * Connection exceptions, and the server that shuts down, has crashed or still starts; another server process's crash ends a
 * session with 57P02. Not 08P01: a wrong number of parameters is one, and a fault of the statement. https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const SQL_STATES = /^(08(?!P01)...|57P0[1-3])$/;

/** Whether it was the connection or the server that failed, and not the statement. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof HarnessError) return false;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string' && (SOCKET_CODES.has(code) || SQL_STATES.test(code))) return true;
  return WORDS.test(messageOf(error));
}

/** @param where the server as messages name it, without a password */
export function connectionLost(where: string, error: unknown): HarnessError {
  return new HarnessError('DATABASE_FAILED', `The connection to ${where} was lost: ${messageOf(error)}.`, {
    cause: error,
    hint: 'PostgreSQL was stopped or has crashed, or somebody ended the session: its log says which. Then start again.',
  });
}
