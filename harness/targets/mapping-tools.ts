import { createHash, pbkdf2Sync } from 'node:crypto';
import { SEED_PASSWORD } from '../../seed/profiles.ts';
import { seedPasswordHash } from '../../seed/users.ts';
import type { MappingTools } from '../config/rushhour-config.ts';

/** What OWASP's Password Storage Cheat Sheet asks of PBKDF2 with SHA-256. */
const PBKDF2_ITERATIONS = 600_000;

/** Namespace of the UUIDs that mappings make; any would do, as long as it stays. */
const NAMESPACE = Buffer.from('5b0e0f7e1d5c4b5f9d3a6a1f0c2e7d84', 'hex');

/**
 * What mappings are given. Salts come from the random seed, which a real system must never do: the users are generated, their
 * password is in the source, and a dataset must be the same bytes each time.
 */
export function mappingTools(randomSeed: number): MappingTools {
  const hashes = new Map<string, string>();
  return {
    uuid: nameBasedUuid,
    passwordHash: (scheme, { iterations = PBKDF2_ITERATIONS } = {}) => {
      const call = `${scheme} ${iterations}`;
      const hash = hashes.get(call) ?? hashOf(scheme, iterations, randomSeed);
      hashes.set(call, hash);
      return hash;
    },
  };
}

function hashOf(scheme: string, iterations: number, randomSeed: number): string {
  switch (scheme) {
    case 'pbkdf2-sha256':
      return djangoHash(iterations, randomSeed);
    case 'scrypt':
      return seedPasswordHash(randomSeed);
    case 'sha256':
      return createHash('sha256').update(SEED_PASSWORD).digest('hex');
    default:
      throw new Error(
        `passwordHash: expected pbkdf2-sha256, scrypt or sha256, got ${JSON.stringify(scheme)}`,
      );
  }
}

/** `pbkdf2_sha256$iterations$salt$hash` with the hash in Base64, as Django, Passlib's successors and others keep it. */
function djangoHash(iterations: number, randomSeed: number): string {
  if (!Number.isInteger(iterations) || iterations < 1)
    throw new Error(`passwordHash: expected iterations to be a whole number from 1, got ${iterations}`);
  const salt = createHash('sha256').update(`rushhour/${randomSeed}/salt`).digest('hex').slice(0, 22);
  const hash = pbkdf2Sync(SEED_PASSWORD, salt, iterations, 32, 'sha256');
  return `pbkdf2_sha256$${iterations}$${salt}$${hash.toString('base64')}`;
}

/** Version 5, of the namespace and the words (RFC 9562, section 5.5). */
function nameBasedUuid(...words: readonly (string | number)[]): string {
  if (words.length === 0) throw new Error('uuid: expected at least one word');
  const bytes = createHash('sha1').update(NAMESPACE).update(JSON.stringify(words)).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
