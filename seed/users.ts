import { createHash, scryptSync } from 'node:crypto';
import { HISTORY_DAYS, MINUTES_PER_DAY, timestampText } from './calendar.ts';
import { type CopyBuffer, encodeRows } from './copy-buffer.ts';
import type { Dataset } from './dataset.ts';
import { fullName } from './pools.ts';
import { type DatasetShape, loginOf, SEED_PASSWORD } from './profiles.ts';
import { RowRandom } from './random.ts';
import type { TableRows } from './table-rows.ts';

const VIEWERS_PER_COMPANY = 2;

/** Work factors of scrypt (RFC 7914, section 2): 128 × N × r bytes = 16 MiB of memory for one check. */
const SCRYPT = { N: 16_384, r: 8, p: 1 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;

/**
 * `scrypt$N$r$p$salt$hash` of the demo password. One hash serves all users and its salt comes from the random seed,
 * which a real system must never do: these are generated users whose password is in the source, and a dataset must be
 * the same bytes each time.
 */
export function seedPasswordHash(randomSeed: number): string {
  const salt = createHash('sha256').update(`rushhour/${randomSeed}/salt`).digest().subarray(0, SALT_BYTES);
  const hash = scryptSync(SEED_PASSWORD, salt, KEY_BYTES, SCRYPT);
  return `scrypt$${SCRYPT.N}$${SCRYPT.r}$${SCRYPT.p}$${salt.toString('hex')}$${hash.toString('hex')}`;
}

/** The dispatcher of a company has the company's id. */
export function dispatcherIdOf(companyId: number): number {
  return companyId;
}

export interface User {
  readonly id: number;
  readonly companyId: number;
  readonly email: string;
  readonly passwordHash: string;
  readonly fullName: string;
  readonly role: 'dispatcher' | 'viewer';
  readonly createdMinute: number;
}

/** Table `app_user`: a dispatcher per company, then the viewers. */
export function userRows(dataset: Dataset): TableRows {
  return {
    table: 'app_user',
    columns: ['id', 'company_id', 'email', 'password_hash', 'full_name', 'role', 'created_at'],
    rowCount: () => dataset.shape.companies * (1 + VIEWERS_PER_COMPANY),
    chunks: (chunkBytes) => encodeRows(users(dataset), writeUser, chunkBytes),
  };
}

export function* users({ shape, pools }: Dataset): Generator<User> {
  const random = new RowRandom(shape.randomSeed, 'app_user');
  const passwordHash = seedPasswordHash(shape.randomSeed);
  for (const account of accounts(shape)) {
    const name = fullName(pools, random.at(account.id));
    const createdDay = -(HISTORY_DAYS + 1 + random.below(500));
    yield { ...account, passwordHash, fullName: name, createdMinute: createdDay * MINUTES_PER_DAY + 9 * 60 };
  }
}

function* accounts({
  companies,
}: DatasetShape): Generator<Pick<User, 'id' | 'companyId' | 'email' | 'role'>> {
  for (let companyId = 1; companyId <= companies; companyId++) {
    yield { id: dispatcherIdOf(companyId), companyId, ...loginOf(companyId), role: 'dispatcher' };
  }
  let id = companies;
  for (let companyId = 1; companyId <= companies; companyId++) {
    for (let viewer = 1; viewer <= VIEWERS_PER_COMPANY; viewer++) {
      id += 1;
      yield { id, companyId, email: `viewer-${companyId}-${viewer}@rushhour.example`, role: 'viewer' };
    }
  }
}

function writeUser(user: User, out: CopyBuffer): void {
  const { id, companyId, email, passwordHash, role } = user;
  out.row([id, companyId, email, passwordHash, user.fullName, role, timestampText(user.createdMinute)]);
}
