import path from 'node:path';
import envPaths from 'env-paths';

/** Where rushhour keeps what it fetched or made once: RUSHHOUR_CACHE, else the platform's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env.RUSHHOUR_CACHE;
  return chosen ? path.resolve(chosen) : envPaths('rushhour', { suffix: '' }).cache;
}

/** The part of the cache that holds k6: one folder a version, and the lock of an installation under way. */
export function k6CacheFolder(cache: string = cacheFolder()): string {
  return path.join(cache, 'k6');
}
