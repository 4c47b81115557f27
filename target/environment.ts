import { parseArgs } from 'node:util';
import { parseSlowdown } from './slowdown.ts';
import { parseVariant, type Variant } from './variants.ts';

/** Everything the process is told from outside. */
export interface ServiceConfig {
  readonly variant: Variant;
  readonly databaseUrl: string;
  readonly jwtSecret: string;
  readonly host: string;
  /** 0 asks the system for a free one. */
  readonly port: number;
  readonly poolSize: number;
  /** Busy time added to each request, as a share of its service time; 0 unless somebody tests whether it is noticed. */
  readonly slowdownRatio: number;
}

const MIN_SECRET_LENGTH = 32;

/**
 * Reads command line and environment.
 *
 * @throws Error naming every problem at once; it never quotes a secret
 */
export function readConfig(args: readonly string[], env: NodeJS.ProcessEnv): ServiceConfig {
  const problems: string[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
  const given = attempt(() => readArguments(args)) ?? {};
  const variant = attempt(() => parseVariant(given.variant ?? 'baseline'));
  const slowdownRatio = attempt(() => (given.slowdown === undefined ? 0 : parseSlowdown(given.slowdown)));
  const databaseUrl = attempt(() => readDatabaseUrl(env.DATABASE_URL));
  const jwtSecret = attempt(() => readSecret(env.JWT_SECRET));
  const port = attempt(() => readInteger('PORT', env.PORT ?? '8080', 0, 65_535));
  const poolSize = attempt(() => readInteger('DB_POOL_SIZE', env.DB_POOL_SIZE ?? '10', 1, 1_000));
  if (
    problems.length > 0 ||
    !variant ||
    slowdownRatio === undefined ||
    !databaseUrl ||
    !jwtSecret ||
    port === undefined ||
    poolSize === undefined
  ) {
    throw new Error(problems.join('\n'));
  }
  return { variant, databaseUrl, jwtSecret, host: env.HOST || '127.0.0.1', port, poolSize, slowdownRatio };
}

function readArguments(args: readonly string[]): { variant?: string; slowdown?: string } {
  const { values } = parseArgs({
    args: [...args],
    options: { variant: { type: 'string' }, 'inject-slowdown': { type: 'string' } },
    strict: true,
  });
  const { variant, 'inject-slowdown': slowdown } = values;
  return { ...(variant === undefined ? {} : { variant }), ...(slowdown === undefined ? {} : { slowdown }) };
}

function readDatabaseUrl(url: string | undefined): string {
  if (!url)
    throw new Error('Expected DATABASE_URL to be set, for example postgres://user@127.0.0.1:5432/name.');
  const scheme = URL.canParse(url) ? new URL(url).protocol : '';
  if (scheme !== 'postgres:' && scheme !== 'postgresql:')
    throw new Error('Expected DATABASE_URL to be a postgres:// URL.');
  return url;
}

function readSecret(secret: string | undefined): string {
  if (!secret || secret.length < MIN_SECRET_LENGTH) {
    throw new Error(
      `Expected JWT_SECRET to have ${MIN_SECRET_LENGTH} characters or more, got ${secret?.length ?? 0}.`,
    );
  }
  return secret;
}

function readInteger(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new Error(`Expected ${name} to be a whole number from ${min} to ${max}, got '${text}'.`);
  }
  return value;
}
