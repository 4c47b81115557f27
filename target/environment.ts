import { parseArgs } from 'node:util';
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
  const variant = attempt(() => readVariant(args));
  const databaseUrl = attempt(() => readDatabaseUrl(env.DATABASE_URL));
  const jwtSecret = attempt(() => readSecret(env.JWT_SECRET));
  const port = attempt(() => readInteger('PORT', env.PORT ?? '8080', 0, 65_535));
  const poolSize = attempt(() => readInteger('DB_POOL_SIZE', env.DB_POOL_SIZE ?? '10', 1, 1_000));
  if (!variant || !databaseUrl || !jwtSecret || port === undefined || poolSize === undefined) {
    throw new Error(problems.join('\n'));
  }
  return { variant, databaseUrl, jwtSecret, host: env.HOST || '127.0.0.1', port, poolSize };
}

function readVariant(args: readonly string[]): Variant {
  const { values } = parseArgs({
    args: [...args],
    options: { variant: { type: 'string', default: 'baseline' } },
    strict: true,
  });
  return parseVariant(values.variant);
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
