import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** PostgreSQL's own default (scram_iterations). */
const ITERATIONS = 4096;

/**
 * What a server stores of a password (RFC 5803, as PostgreSQL writes it in pg_authid). CREATE ROLE takes it in place of the password
 * itself, which a statement log and pg_stat_statements would keep
 * (https://www.postgresql.org/docs/current/sql-createrole.html).
 *
 * @param password ASCII: anything else would have to be normalised first (SASLprep)
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
