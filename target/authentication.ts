import type { FastifyRequest } from 'fastify';
import { errors, jwtVerify, SignJWT } from 'jose';
import { HttpError } from './http-error.ts';

/** Whoever a token was given to. */
export interface AuthenticatedUser {
  readonly id: number;
  readonly companyId: number;
  readonly role: 'dispatcher' | 'viewer';
}

/** A working day, so that a long load test needs no second login. */
export const TOKEN_LIFETIME_SECONDS = 8 * 3_600;

const ISSUER = 'rushhour-target';
const ALGORITHM = 'HS256';

export interface Tokens {
  issue(user: AuthenticatedUser): Promise<string>;
  /** @throws HttpError 401 when the token is not ours, was changed or has expired */
  verify(token: string): Promise<AuthenticatedUser>;
}

/** Signs and checks bearer tokens with one secret (JWT, RFC 7519, HMAC-SHA-256). */
export function createTokens(secret: string): Tokens {
  const key = new TextEncoder().encode(secret);
  return {
    issue: ({ id, companyId, role }) =>
      new SignJWT({ companyId, role })
        .setProtectedHeader({ alg: ALGORITHM })
        .setIssuer(ISSUER)
        .setSubject(String(id))
        .setIssuedAt()
        .setExpirationTime(`${TOKEN_LIFETIME_SECONDS}s`)
        .sign(key),
    verify: async (token) => {
      try {
        const { payload } = await jwtVerify(token, key, { issuer: ISSUER, algorithms: [ALGORITHM] });
        return toUser(payload);
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error;
        throw unauthenticated(
          error instanceof errors.JWTExpired ? 'The token has expired.' : 'The token is not valid.',
        );
      }
    },
  };
}

function toUser(payload: Record<string, unknown>): AuthenticatedUser {
  const { sub, companyId, role } = payload;
  if (typeof companyId !== 'number' || (role !== 'dispatcher' && role !== 'viewer')) {
    throw unauthenticated('The token is not valid.');
  }
  return { id: Number(sub), companyId, role };
}

function unauthenticated(message: string): HttpError {
  return new HttpError(401, 'unauthenticated', message);
}

const users = new WeakMap<FastifyRequest, AuthenticatedUser>();

/** A hook that lets in requests with a valid bearer token only. */
export function requireToken(tokens: Tokens): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const [, token] = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (!token) throw unauthenticated('Expected an Authorization header with a bearer token.');
    users.set(request, await tokens.verify(token));
  };
}

/** The user of a request that passed {@link requireToken}. */
export function userOf(request: FastifyRequest): AuthenticatedUser {
  const user = users.get(request);
  if (!user) throw new Error('This route is not behind requireToken.');
  return user;
}

/** A hook for what changes data: viewers only look. */
export async function requireDispatcher(request: FastifyRequest): Promise<void> {
  if (userOf(request).role !== 'dispatcher') {
    throw new HttpError(403, 'forbidden', 'Only a dispatcher may do this.');
  }
}
