import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { check } from 'proper-lockfile';
import { CHECKOUT_NAME, checkoutsFolder, readComplete, STALE_LOCK_MS } from './source-checkout.ts';

/** A checkout in the cache. */
export interface StoredCheckout {
  readonly folder: string;
  /** For people: `checkout of 0a1b2c3d4e5f, /home/me/shop`. */
  readonly what: string;
  /** Whether another process makes it just now. */
  readonly inTheMaking: boolean;
}

/** What is in a cache of its name and is no checkout is left out: it is somebody else's. */
export async function findCheckouts(cache?: string): Promise<StoredCheckout[]> {
  const base = checkoutsFolder(cache);
  const names = (await readdir(base).catch(() => [])).filter((name) => CHECKOUT_NAME.test(name));
  return Promise.all(
    names.map(async (name) => {
      const folder = path.join(base, name);
      const complete = await readComplete(folder);
      const inTheMaking = await check(folder, { realpath: false, stale: STALE_LOCK_MS });
      const of = complete?.repository ?? (inTheMaking ? 'in the making' : 'unfinished');
      return { folder, what: `checkout of ${name.slice(0, 12)}, ${of}`, inTheMaking };
    }),
  );
}
