import { createHash, scryptSync } from 'node:crypto';
import { HISTORY_DAYS, MINUTES_PER_DAY, timestampText } from './calendar.ts';
import { copyLine } from './copy-text.ts';
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

/** Table `app_user`: a dispatcher per company, then its viewers. */
export function userRows(dataset: Dataset): TableRows {
  return {
    table: 'app_user',
    columns: ['id', 'company_id', 'email', 'password_hash', 'full_name', 'role', 'created_at'],
    rowCount: () => dataset.shape.companies * (1 + VIEWERS_PER_COMPANY),
    lines: () => userLines(dataset),
  };
}

function* userLines(dataset: Dataset): Generator<string> {
  const { shape, pools } = dataset;
  const random = new RowRandom(shape.randomSeed, 'app_user');
  const passwordHash = seedPasswordHash(shape.randomSeed);
  for (const user of users(shape)) {
    const name = fullName(pools, random.at(user.id));
    const created = timestampText(-(HISTORY_DAYS + 1 + random.below(500)) * MINUTES_PER_DAY + 9 * 60);
    yield copyLine([user.id, user.companyId, user.email, passwordHash, name, user.role, created]);
  }
}

function* users(shape: DatasetShape) {
  for (let companyId = 1; companyId <= shape.companies; companyId++) {
    const { email } = loginOf(companyId);
    yield { id: dispatcherIdOf(companyId), companyId, email, role: 'dispatcher' };
  }
  let id = shape.companies;
  for (let companyId = 1; companyId <= shape.companies; companyId++) {
    for (let viewer = 1; viewer <= VIEWERS_PER_COMPANY; viewer++) {
      id += 1;
      yield { id, companyId, email: `viewer-${companyId}-${viewer}@rushhour.example`, role: 'viewer' };
    }
  }
}
