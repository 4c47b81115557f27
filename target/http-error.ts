import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import pg from 'pg';
import { describeError, type Log } from './log.ts';

/** An answer other than success that the service gives on purpose. */
export class HttpError extends Error {
  readonly statusCode: number;
  readonly code: string;

  constructor(statusCode: number, code: string, message: string) {
    super(message);
    this.name = 'HttpError';
    this.statusCode = statusCode;
    this.code = code;
  }
}

export function notFound(what: string): HttpError {
  return new HttpError(404, 'not_found', `There is no such ${what}.`);
}

interface ErrorAnswer {
  readonly statusCode: number;
  readonly code: string;
  readonly message: string;
}

/** Codes of errors that Fastify itself raises, by status. */
const FRAMEWORK_CODES: Record<number, string> = {
  400: 'bad_request',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
};

/** What a client is told about an error: faults of the service keep their reason to themselves. */
export function toErrorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof HttpError) return error;
  if (isDatabaseUnavailable(error)) {
    return { statusCode: 503, code: 'database_unavailable', message: 'The database cannot be reached now.' };
  }
  // Class 22, data exception: a value passed the schema that PostgreSQL cannot store, such as a NUL in a text.
  if (error instanceof pg.DatabaseError && error.code?.startsWith('22')) {
    return { statusCode: 400, code: 'bad_request', message: 'A value cannot be stored.' };
  }
  const statusCode = (error as Partial<FastifyError> | undefined)?.statusCode ?? 500;
  if (statusCode < 400 || statusCode >= 500) {
    return { statusCode: 500, code: 'internal', message: 'Something went wrong.' };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { statusCode, code: FRAMEWORK_CODES[statusCode] ?? 'bad_request', message };
}

/** Logs what is the service's own fault and sends `{error: {code, message}}`. */
export function sendError(log: Log, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode, code, message } = toErrorAnswer(error);
  if (statusCode >= 500) {
    const { method, routeOptions } = request;
    log('error', 'a request failed', {
      method,
      route: routeOptions.url,
      statusCode,
      ...describeError(error),
    });
  }
  reply.code(statusCode).send({ error: { code, message } });
}

/** Failures of the operating system and messages of the driver, neither of which carries an SQLSTATE. */
const CONNECTION_ERROR_CODES = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
];
const CONNECTION_ERROR_MESSAGE = /^(timeout exceeded when trying to connect|Connection terminated)/;

/**
 * Whether the database, not the statement, is the trouble. SQLSTATE classes: 08 connection exception, 57P01–57P03
 * shutdown or start of the server, 53300 too many connections (PostgreSQL 18, Appendix A).
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error instanceof pg.DatabaseError) return /^(08...|57P0[123]|53300)$/.test(code);
  return CONNECTION_ERROR_CODES.includes(code) || CONNECTION_ERROR_MESSAGE.test(error.message);
}
