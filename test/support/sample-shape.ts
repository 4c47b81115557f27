import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openTap } from '../../harness/capture/tap.ts';
import { listenTo } from '../../harness/capture/tapped-target.ts';
import { waitOf } from '../../harness/capture/waiting.ts';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { grantToService } from '../../harness/postgres/templates.ts';
import { type GrowthSample, heardUse } from '../../harness/profiling/growth-sample.ts';
import { withResources } from '../../harness/resources.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import type { ServiceShape } from './service-shapes.ts';

const SCHEMA = path.join(import.meta.dirname, '../fixtures/services/schema.sql');

/** Equal work three times, each on a database and with a service of its own. */
const REPEATS = 3;

/** Every step of a shape, heard by a tap. */
export async function sampleShape(server: PostgresServer, shape: ServiceShape): Promise<GrowthSample[]> {
  const samples: GrowthSample[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) samples.push(...(await sampleSteps(server, shape)));
  return samples;
}

async function sampleSteps(server: PostgresServer, shape: ServiceShape): Promise<GrowthSample[]> {
  return withResources(async (onRelease) => {
    const database = await createShapeDatabase(server);
    onRelease(database.drop);
    const tap = await openTap({ upstream: database.serviceUrl });
    onRelease(tap.close);
    const service = await shape.start(tap.urlFor(database.serviceUrl));
    onRelease(service.stop);
    await service.work({ bookings: 1, drivers: 1 }); // a pool connects at its first query
    const samples: GrowthSample[] = [];
    for (const { varied, sizes } of shape.steps) {
      const { transcript } = await listenTo(tap, () => service.work(sizes));
      assert.deepEqual(transcript.blindSpots, []);
      const sample = `bookings=${sizes.bookings} drivers=${sizes.drivers}`;
      samples.push({
        unit: shape.name,
        sample,
        varied,
        sizes: { ...sizes },
        ...heardUse(waitOf(transcript)),
      });
    }
    return samples;
  });
}

/** A database with the small schema of the shapes, its rows and nothing else. */
export async function createShapeDatabase(server: PostgresServer): Promise<TestDatabase> {
  const database = await createTestDatabase(server);
  await database.client.query(await readFile(SCHEMA, 'utf8'));
  await grantToService(database.client, server);
  return database;
}
