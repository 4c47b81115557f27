-- Index advice of rushhour, result 20261126-055408-week-full-60a6/advice.
-- CONCURRENTLY keeps the table writable meanwhile and cannot run inside a transaction:
-- psql -v ON_ERROR_STOP=1 -f FILE, without --single-transaction.
-- An attempt that broke off leaves an index that is not valid and that IF NOT EXISTS takes for there. This lists them;
-- drop one and run this file again:
--   SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;

-- assignment (booking_id): saves 231,599 blocks, costs 202 blocks and 18.2 kB of WAL (one of each piece of work).
-- Scanned 279 times; 2.20 MB, built in 48.1 ms.
--   dispatch: 130,598 blocks fewer
--   GET /api/v1/bookings?limit: 26,181 blocks fewer
--   GET /api/v1/bookings?date&limit&after: 26,180 blocks fewer
CREATE INDEX CONCURRENTLY IF NOT EXISTS "assignment_booking_id_idx" ON "public"."assignment" ("booking_id");

-- assignment (driver_id, created_at): saves 63,338 blocks, costs 302 blocks and 70.1 kB of WAL (one of each piece of work).
-- Scanned 97 times; 2.46 MB, built in 63.7 ms.
--   dispatch: 63,040 blocks fewer
--   PATCH /api/v1/company_dispatch/assignments/:id: 3 blocks more
CREATE INDEX CONCURRENTLY IF NOT EXISTS "assignment_driver_id_created_at_idx" ON "public"."assignment" ("driver_id", "created_at");

-- assignment (dispatch_run_id): saves 2,614 blocks, costs 201 blocks and 7.37 kB of WAL (one of each piece of work).
-- Scanned 6 times; 770 kB, built in 33.2 ms.
--   GET /api/v1/company_dispatch/assignments?runId&limit: 1,307 blocks fewer
--   GET /api/v1/company_dispatch/assignments?runId&status&limit: 1,307 blocks fewer
--   PATCH /api/v1/company_dispatch/assignments/:id: 2 blocks more
CREATE INDEX CONCURRENTLY IF NOT EXISTS "assignment_dispatch_run_id_idx" ON "public"."assignment" ("dispatch_run_id");

-- booking (client_id, company_id): saves 2,422 blocks, costs 203 blocks and 43.7 kB of WAL (one of each piece of work).
-- Scanned 1 times; 1.13 MB, built in 86.0 ms.
--   GET /api/v1/bookings?clientId&limit: 2,422 blocks fewer
--   PATCH /api/v1/bookings/:id: 2 blocks more
--   POST /api/v1/bookings: 2 blocks more
CREATE INDEX CONCURRENTLY IF NOT EXISTS "booking_client_id_company_id_idx" ON "public"."booking" ("client_id", "company_id");

-- booking (driver_id, scheduled_time): saves 6,524 blocks, costs 884 blocks and 102 kB of WAL (one of each piece of work).
-- Scanned 97 times; 3.61 MB, built in 102 ms.
--   dispatch: 5,647 blocks fewer
--   GET /api/v1/bookings?date&limit: 0 blocks fewer
--   GET /api/v1/bookings?date&limit&after: 0 blocks fewer
CREATE INDEX CONCURRENTLY IF NOT EXISTS "booking_driver_id_scheduled_time_idx" ON "public"."booking" ("driver_id", "scheduled_time");

-- dispatch_run (service_day): saves 40 blocks, costs 0 blocks and 1.56 kB of WAL (one of each piece of work).
-- Scanned 2 times; 49.2 kB, built in 1.86 ms.
--   dispatch: 40 blocks fewer
CREATE INDEX CONCURRENTLY IF NOT EXISTS "dispatch_run_service_day_idx" ON "public"."dispatch_run" ("service_day");

-- driver (company_id): saves 44.5 blocks, costs 1 blocks and 6.59 kB of WAL (one of each piece of work).
-- Scanned 4 times; 16.4 kB, built in 1.70 ms.
--   GET /api/v1/drivers?limit: 15 blocks fewer
--   GET /api/v1/drivers?available&limit: 15 blocks fewer
--   dispatch: 14.5 blocks fewer
CREATE INDEX CONCURRENTLY IF NOT EXISTS "driver_company_id_idx" ON "public"."driver" ("company_id");

-- booking (company_id, scheduled_time, id): saves 7,825 blocks, costs 319 blocks and 30.3 kB of WAL (one of each piece of work).
-- Scanned 6 times; 5.70 MB, built in 118 ms.
--   GET /api/v1/bookings?limit: 3,415 blocks fewer
--   GET /api/v1/bookings?date&limit&after: 2,497 blocks fewer
--   GET /api/v1/bookings?date&limit: 641 blocks fewer
CREATE INDEX CONCURRENTLY IF NOT EXISTS "booking_company_id_scheduled_time_id_idx" ON "public"."booking" ("company_id", "scheduled_time", "id");
