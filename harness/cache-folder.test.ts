import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { cacheFolder, k6CacheFolder } from './cache-folder.ts';

test('RUSHHOUR_CACHE decides the cache folder, a relative one counted from the working folder', () => {
  assert.equal(cacheFolder({ RUSHHOUR_CACHE: '/srv/cache' }), path.resolve('/srv/cache'));
  assert.equal(cacheFolder({ RUSHHOUR_CACHE: 'near' }), path.resolve('near'));
});

test('without RUSHHOUR_CACHE, or with an empty one, the cache is the platform folder named rushhour', () => {
  assert.match(cacheFolder({}), /rushhour/);
  assert.equal(cacheFolder({ RUSHHOUR_CACHE: '' }), cacheFolder({}));
});

test('k6 has a folder of its own inside the cache', () => {
  assert.equal(k6CacheFolder('/srv/cache'), path.join('/srv/cache', 'k6'));
});
