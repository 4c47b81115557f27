import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import type { TestDatabase } from '../support/database.ts';
import { createTown, DAY, PASSWORD, startTestService, type TestService } from './target-fixture.ts';

const API = '/api/v1';
const PLACE = { address: 'Schlossplatz 4', lat: 48.26, lon: 11.43 };
const NEW_BOOKING = {
  clientId: 2,
  scheduledTime: '2026-03-05T10:30:00+01:00',
  passengers: 2,
  pickup: PLACE,
  dropoff: { address: 'Seeufer 5', lat: 48.36, lon: 11.43 },
};

/** The past booking of the fixture, as every variant shows it. */
const PAST_BOOKING = {
  id: 1,
  status: 'completed',
  scheduledTime: '2026-02-20T08:00:00.000Z',
  passengers: 2,
  pickup: { address: 'Waldweg 3', lat: 48.25, lon: 11.42 },
  dropoff: { address: 'Klinik', lat: 48.28, lon: 11.47 },
  distanceM: 5200,
  priceCents: 1286,
  notes: 'Rollator',
  client: { id: 1, fullName: 'Anna Huber', phone: '+49 1', needsWheelchair: false },
  driver: { id: 2, fullName: 'Franz Kern' },
  latestAssignment: { id: 2, status: 'completed', driverId: 2, createdAt: '2026-02-19T17:00:00.000Z' },
};

for (const variant of ['baseline', 'optimised']) {
  describe(`the HTTP API in ${variant}`, () => {
    let server: PostgresServer;
    let database: TestDatabase;
    let service: TestService;
    let token: string;
    let viewer: string;
    let stranger: string;

    before(async () => {
      ({ server, database } = await createTown());
      service = await startTestService(database.serviceUrl, variant);
      token = await service.login('dispatcher@one.example');
      viewer = await service.login('viewer@one.example');
      stranger = await service.login('dispatcher@two.example');
    });

    after(async () => {
      await service?.stop();
      await database?.drop();
      await server?.release();
    });

    const get = (url: string, as = token) => service.call('GET', `${API}${url}`, { token: as });
    const post = (url: string, body: unknown, as = token) =>
      service.call('POST', `${API}${url}`, { token: as, body });
    const patch = (url: string, body: unknown, as = token) =>
      service.call('PATCH', `${API}${url}`, { token: as, body });
    const put = (url: string, body: unknown, as = token) =>
      service.call('PUT', `${API}${url}`, { token: as, body });
    const idsOf = (body: { items: { id: number }[] }) => body.items.map(({ id }) => id);

    test('health names the variant and needs no token', async () => {
      const { status, body } = await service.call('GET', '/health');
      assert.equal(status, 200);
      assert.deepEqual(body, { status: 'ok', database: 'ok', variant });
    });

    test('a login answers with a token and the user', async () => {
      const login = { email: 'viewer@one.example', password: PASSWORD };
      const { status, body } = await service.call('POST', `${API}/auth/login`, { body: login });
      assert.equal(status, 200);
      assert.match(body.token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
      assert.equal(body.expiresInSeconds, 8 * 3_600);
      assert.deepEqual(body.user, { id: 2, companyId: 1, role: 'viewer', fullName: 'Lena Graf' });
    });

    test('a wrong password and an unknown address get the same answer', async () => {
      const attempt = (email: string, password: string) =>
        service.call('POST', `${API}/auth/login`, { body: { email, password } });
      const wrong = await attempt('viewer@one.example', `${PASSWORD}!`);
      const unknown = await attempt('nobody@one.example', PASSWORD);
      assert.equal(wrong.status, 401);
      assert.equal(unknown.status, 401);
      assert.deepEqual(wrong.body, unknown.body);
    });

    test('without a valid token nothing but login and health is reachable', async () => {
      const routes = [
        ['GET', '/bookings'],
        ['POST', '/bookings'],
        ['GET', '/bookings/1'],
        ['PATCH', '/bookings/1'],
        ['GET', '/drivers'],
        ['PATCH', '/drivers/1/availability'],
        ['PUT', '/drivers/1/location'],
        ['POST', '/company_dispatch/run'],
        ['GET', '/company_dispatch/runs/1'],
        ['GET', '/company_dispatch/assignments'],
        ['PATCH', '/company_dispatch/assignments/1'],
      ] as const;
      for (const [method, url] of routes) {
        for (const as of [undefined, 'nonsense']) {
          const { status, body } = await service.call(method, `${API}${url}`, { token: as });
          assert.equal(status, 401, `${method} ${url}`);
          assert.equal(body.error.code, 'unauthenticated');
        }
      }
    });

    test('a viewer reads and changes nothing', async () => {
      assert.equal((await get('/bookings', viewer)).status, 200);
      for (const { status } of [
        await post('/bookings', NEW_BOOKING, viewer),
        await patch('/bookings/11', { notes: 'x' }, viewer),
        await patch('/drivers/1/availability', { isAvailable: false }, viewer),
        await put('/drivers/1/location', { lat: 48, lon: 11 }, viewer),
        await post('/company_dispatch/run', { date: DAY }, viewer),
        await patch('/company_dispatch/assignments/2', { status: 'cancelled' }, viewer),
      ]) {
        assert.equal(status, 403);
      }
    });

    test('an unknown route, wrong JSON, another content type and a huge body are errors of one shape', async () => {
      const url = `${API}/bookings`;
      assert.equal((await get('/nothing')).body.error.code, 'not_found');
      const broken = await service.call('POST', url, { token, text: '{"clientId":' });
      assert.equal(broken.status, 400);
      assert.equal(broken.body.error.code, 'bad_request');
      const huge = await service.call('POST', url, { token, body: { notes: 'x'.repeat(70_000) } });
      assert.equal(huge.status, 413);
      assert.equal(huge.body.error.code, 'payload_too_large');
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/xml' };
      const xml = await fetch(new URL(url, service.url), { method: 'POST', headers, body: '<a/>' });
      assert.equal(xml.status, 415);
      assert.equal(((await xml.json()) as { error: { code: string } }).error.code, 'unsupported_media_type');
    });

    test('a booking is shown with client, driver and its latest assignment', async () => {
      const { status, body } = await get('/bookings/1');
      assert.equal(status, 200);
      assert.deepEqual(body, PAST_BOOKING);
      assert.deepEqual((await get('/bookings?date=2026-02-20')).body, {
        items: [PAST_BOOKING],
        nextAfter: null,
      });
    });

    test('bookings are narrowed by day, status and client, and only the own company’s are seen', async () => {
      assert.deepEqual(idsOf((await get(`/bookings?date=${DAY}`)).body), [11, 12, 13, 14, 15, 16]);
      assert.deepEqual(idsOf((await get(`/bookings?date=${DAY}&clientId=2`)).body), [12, 15]);
      assert.deepEqual(idsOf((await get('/bookings?status=completed')).body), [1]);
      assert.deepEqual(idsOf((await get('/bookings?date=2026-03-03')).body), []);
      assert.deepEqual(idsOf((await get('/bookings', stranger)).body), [21]);
      assert.equal((await get('/bookings/11', stranger)).status, 404);
    });

    test('pages follow each other until nextAfter is null', async () => {
      const first = (await get(`/bookings?date=${DAY}&limit=4`)).body;
      assert.deepEqual([idsOf(first), first.nextAfter], [[11, 12, 13, 14], 14]);
      const second = (await get(`/bookings?date=${DAY}&limit=4&after=${first.nextAfter}`)).body;
      assert.deepEqual([idsOf(second), second.nextAfter], [[15, 16], null]);
    });

    test('queries that are not as written are refused', async () => {
      for (const query of [
        'date=2026-02-30',
        'date=2.3.2026',
        'date=0000-01-01',
        'status=lost',
        'limit=0',
        'limit=101',
        'limit=ten',
        'after=-1',
        'clientId=99999999999',
        'status=',
        'colour=red',
        'limit=1&limit=2',
      ]) {
        const { status, body } = await get(`/bookings?${query}`);
        assert.equal(status, 400, query);
        assert.equal(body.error.code, 'bad_request');
      }
      for (const url of [
        '/drivers?available=yes',
        '/drivers?limit=1000',
        '/company_dispatch/assignments?runId=x',
      ]) {
        assert.equal((await get(url)).status, 400, url);
      }
      for (const url of ['/bookings/abc', '/bookings/99999999999999999999', '/company_dispatch/runs/1.5']) {
        assert.equal((await get(url)).status, 400, url);
      }
    });

    test('a new booking is open, priced by its distance, and found again', async () => {
      const { status, headers, body } = await post('/bookings', { ...NEW_BOOKING, notes: null });
      assert.equal(status, 201);
      assert.equal(headers.get('location'), `${API}/bookings/${body.id}`);
      assert.equal(body.scheduledTime, '2026-03-05T09:30:00.000Z');
      // 0.1° of latitude × 1.3 = 14,455 m; 350 + 14.455 km × 180 = 2,952 cents
      assert.deepEqual([body.status, body.distanceM, body.priceCents], ['open', 14_455, 2_952]);
      assert.deepEqual(
        [body.client.fullName, body.driver, body.latestAssignment],
        ['Bernd Maier', null, null],
      );
      assert.deepEqual((await get(`/bookings/${body.id}`)).body, body);
    });

    test('a booking needs a client of the own company', async () => {
      assert.equal((await post('/bookings', { ...NEW_BOOKING, clientId: 4 })).status, 404);
      assert.equal((await post('/bookings', { ...NEW_BOOKING, clientId: 999 })).status, 404);
    });

    test('a booking that is not as written is refused', async () => {
      const { clientId: _, ...withoutClient } = NEW_BOOKING;
      for (const body of [
        {},
        [],
        withoutClient,
        { ...NEW_BOOKING, clientId: '2' },
        { ...NEW_BOOKING, passengers: 0 },
        { ...NEW_BOOKING, passengers: 1.5 },
        { ...NEW_BOOKING, passengers: null },
        { ...NEW_BOOKING, scheduledTime: '2026-03-05 10:30' },
        { ...NEW_BOOKING, scheduledTime: '2026-13-05T10:30:00Z' },
        { ...NEW_BOOKING, pickup: { ...PLACE, lat: 91 } },
        { ...NEW_BOOKING, pickup: { ...PLACE, lon: null } },
        { ...NEW_BOOKING, pickup: { ...PLACE, address: '' } },
        { ...NEW_BOOKING, pickup: 'here' },
        { ...NEW_BOOKING, status: 'completed' },
        { ...NEW_BOOKING, notes: 'a NUL \u0000 cannot be stored' },
      ]) {
        const { status, body: answer } = await post('/bookings', body);
        assert.equal(status, 400, JSON.stringify(body));
        assert.equal(answer.error.code, 'bad_request');
      }
    });

    test('an open booking is rescheduled, noted and cancelled, and then stays cancelled', async () => {
      const { id } = (await post('/bookings', NEW_BOOKING)).body;
      const moved = await patch(`/bookings/${id}`, {
        scheduledTime: '2026-03-06T08:00:00Z',
        notes: 'two bags',
      });
      assert.equal(moved.status, 200);
      assert.deepEqual(
        [moved.body.scheduledTime, moved.body.notes],
        ['2026-03-06T08:00:00.000Z', 'two bags'],
      );
      const cleared = await patch(`/bookings/${id}`, { notes: null });
      assert.deepEqual([cleared.body.scheduledTime, cleared.body.notes], ['2026-03-06T08:00:00.000Z', null]);
      assert.equal((await patch(`/bookings/${id}`, { status: 'cancelled' })).body.status, 'cancelled');
      for (const change of [{ status: 'open' }, { scheduledTime: '2026-03-07T08:00:00Z' }]) {
        const { status, body } = await patch(`/bookings/${id}`, change);
        assert.equal(status, 409);
        assert.equal(body.error.code, 'conflict');
      }
      assert.equal((await patch(`/bookings/${id}`, {})).status, 400);
      assert.equal((await patch(`/bookings/${id}`, { driverId: 1 })).status, 400);
      assert.equal((await patch('/bookings/9999', { notes: 'x' })).status, 404);
      assert.equal((await patch(`/bookings/${id}`, { notes: 'x' }, stranger)).status, 404);
    });

    test('drivers are listed by id, and available ones without those who have left', async () => {
      assert.deepEqual(idsOf((await get('/drivers')).body), [1, 2, 3, 4, 5]);
      assert.deepEqual(idsOf((await get('/drivers?available=true')).body), [1, 2, 3]);
      assert.deepEqual(idsOf((await get('/drivers?available=false')).body), [4]);
      const { body } = await get('/drivers?limit=1');
      assert.deepEqual(body.items, [
        {
          id: 1,
          fullName: 'Emil Roth',
          seats: 4,
          takesWheelchair: false,
          shift: { startMinute: 360, endMinute: 1080 },
          location: { lat: 48.26, lon: 11.43 },
          isAvailable: true,
          isActive: true,
        },
      ]);
    });

    test('a driver’s availability and position change', async () => {
      const away = await patch('/drivers/2/availability', { isAvailable: false });
      assert.deepEqual([away.status, away.body.id, away.body.isAvailable], [200, 2, false]);
      assert.equal((await patch('/drivers/2/availability', { isAvailable: true })).body.isAvailable, true);
      const moved = await put('/drivers/2/location', { lat: 48.3, lon: -11.5 });
      assert.deepEqual([moved.status, moved.body.location], [200, { lat: 48.3, lon: -11.5 }]);
      for (const body of [{}, { isAvailable: 'true' }, { isAvailable: true, extra: 1 }]) {
        assert.equal((await patch('/drivers/2/availability', body)).status, 400);
      }
      assert.equal((await put('/drivers/2/location', { lat: 48.3 })).status, 400);
      assert.equal((await put('/drivers/2/location', { lat: 48.3, lon: 181 })).status, 400);
      assert.equal((await put('/drivers/6/location', { lat: 48.3, lon: 11 })).status, 404);
      assert.equal((await patch('/drivers/6/availability', { isAvailable: true })).status, 404);
    });

    test('a dispatch is accepted, followed to its end, and its assignments are read and answered', async () => {
      const started = await post('/company_dispatch/run', { date: DAY });
      assert.equal(started.status, 202);
      const { run } = started.body;
      assert.deepEqual([run.companyId, run.date, run.status, run.phases], [1, DAY, 'running', null]);
      assert.equal(started.headers.get('location'), `${API}/company_dispatch/runs/${run.id}`);

      const ended = await followRun(run.id);
      assert.deepEqual(
        [ended.status, ended.offered, ended.assigned, ended.unassigned],
        ['completed', 6, 6, 0],
      );
      assert.deepEqual(Object.keys(ended.phases), ['loadMs', 'decideMs', 'applyMs']);
      for (const phaseMs of Object.values(ended.phases))
        assert.ok(typeof phaseMs === 'number' && phaseMs >= 0);
      assert.equal((await get(`/company_dispatch/runs/${run.id}`, stranger)).status, 404);

      const list = (await get(`/company_dispatch/assignments?runId=${run.id}`)).body;
      assert.equal(list.items.length, 6);
      assert.equal(list.nextAfter, null);
      const wheelchair = list.items.find((item: { booking: { id: number } }) => item.booking.id === 13);
      assert.equal(wheelchair.driver.id, 3);
      assert.deepEqual(wheelchair.booking, {
        id: 13,
        scheduledTime: `${DAY}T11:00:00.000Z`,
        pickupAddress: 'Marktplatz 1',
        dropoffAddress: 'Am Bahnhof 2',
        status: 'assigned',
      });
      const shown = (await get('/bookings/13')).body;
      assert.deepEqual(shown.driver, { id: 3, fullName: 'Gerda Lang' });
      assert.equal(shown.latestAssignment.id, wheelchair.id);
    });

    async function followRun(id: number) {
      for (;;) {
        const { run } = (await get(`/company_dispatch/runs/${id}`)).body;
        if (run.status !== 'running') return run;
      }
    }

    test('assignments are paged, and narrowed by run and status', async () => {
      const mine = (await get('/company_dispatch/assignments?limit=5')).body;
      assert.deepEqual(idsOf(mine), [1, 2, 100, 101, 102]);
      const rest = (await get(`/company_dispatch/assignments?limit=5&after=${mine.nextAfter}`)).body;
      assert.deepEqual([idsOf(rest), rest.nextAfter], [[103, 104, 105], null]);
      assert.deepEqual(idsOf((await get('/company_dispatch/assignments?runId=1&status=declined')).body), [1]);
      assert.deepEqual(idsOf((await get('/company_dispatch/assignments', stranger)).body), []);
      assert.deepEqual(idsOf((await get('/company_dispatch/assignments?runId=1', stranger)).body), []);
    });

    test('an accepted and completed assignment completes its booking', async () => {
      const url = '/company_dispatch/assignments/100';
      const accepted = await patch(url, { status: 'accepted' });
      assert.deepEqual([accepted.status, accepted.body.status], [200, 'accepted']);
      assert.equal(accepted.body.booking.status, 'assigned');
      const completed = await patch(url, { status: 'completed' });
      assert.equal(completed.body.booking.status, 'completed');
      for (const status of ['accepted', 'declined', 'completed', 'proposed']) {
        assert.equal((await patch(url, { status })).status, 409, status);
      }
      assert.equal((await patch(url, { status: 'lost' })).status, 400);
      assert.equal((await patch('/company_dispatch/assignments/9999', { status: 'accepted' })).status, 404);
      assert.equal((await patch(url, { status: 'accepted' }, stranger)).status, 404);
    });

    test('a declined booking is open again and goes to somebody else next time', async () => {
      const list = (await get('/company_dispatch/assignments?status=proposed')).body;
      const declined = list.items.find((item: { driver: { id: number } }) => item.driver.id !== 3);
      const answer = await patch(`/company_dispatch/assignments/${declined.id}`, { status: 'declined' });
      assert.equal(answer.body.booking.status, 'open');
      assert.equal((await get(`/bookings/${declined.booking.id}`)).body.driver, null);

      const { status, body } = await post('/company_dispatch/run?wait=true', { date: DAY });
      assert.equal(status, 200);
      assert.deepEqual([body.run.status, body.run.offered, body.run.assigned], ['completed', 1, 1]);
      const booking = (await get(`/bookings/${declined.booking.id}`)).body;
      assert.equal(booking.status, 'assigned');
      assert.notEqual(booking.driver.id, declined.driver.id);
    });

    test('an assigned booking that is cancelled takes its assignment with it', async () => {
      const booking = (await get(`/bookings?date=${DAY}&status=assigned&limit=1`)).body.items[0];
      const cancelled = (await patch(`/bookings/${booking.id}`, { status: 'cancelled' })).body;
      assert.deepEqual([cancelled.status, cancelled.driver], ['cancelled', null]);
      assert.equal(cancelled.latestAssignment.status, 'cancelled');
    });

    test('a day without open bookings completes with nothing to do', async () => {
      const { status, body } = await post('/company_dispatch/run?wait=true', { date: '2027-01-01' });
      assert.equal(status, 200);
      const { offered, assigned, unassigned, error } = body.run;
      assert.deepEqual([body.run.status, offered, assigned, unassigned, error], ['completed', 0, 0, 0, null]);
      assert.notEqual(body.run.phases, null);
    });

    test('a dispatch needs a day', async () => {
      for (const body of [{}, { date: 'today' }, { date: '2026-02-30' }, { date: DAY, companyId: 2 }]) {
        assert.equal((await post('/company_dispatch/run', body)).status, 400, JSON.stringify(body));
      }
      assert.equal((await post('/company_dispatch/run?wait=yes', { date: DAY })).status, 400);
    });

    test('nothing of all this was the service’s fault', () => {
      assert.deepEqual(service.logged, []);
    });
  });
}
