import { type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

interface PasswordHash {
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** Memory one check may take; scrypt needs 128 × N × r bytes (RFC 7914, section 2). */
const MAX_MEMORY_BYTES = 256 * 1024 * 1024;

/**
 * Compares a password with a stored `scrypt$N$r$p$saltHex$hashHex` in constant time, off the main thread.
 *
 * @throws Error when the stored text has another form; that is a fault of the data, not of the person
 */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const { cost, blockSize, parallelization, salt, hash } = parseHash(stored);
  const options = { N: cost, r: blockSize, p: parallelization, maxmem: MAX_MEMORY_BYTES };
  const derived = await derive(password, salt, hash.length, options);
  return timingSafeEqual(derived, hash);
}

function parseHash(stored: string): PasswordHash {
  const match =
    /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$((?:[0-9a-f]{2})+)\$((?:[0-9a-f]{2}){16,64})$/i.exec(stored);
  const [, cost, blockSize, parallelization, salt, hash] = match ?? [];
  if (!salt || !hash) throw new Error('Expected a password hash of the form scrypt$N$r$p$saltHex$hashHex.');
  return {
    cost: Number(cost),
    blockSize: Number(blockSize),
    parallelization: Number(parallelization),
    salt: Buffer.from(salt, 'hex'),
    hash: Buffer.from(hash, 'hex'),
  };
}

function derive(password: string, salt: Buffer, length: number, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
