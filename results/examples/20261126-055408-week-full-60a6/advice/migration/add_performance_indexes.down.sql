-- Takes back the indexes of the up file. Index advice of rushhour, result 20261126-055408-week-full-60a6/advice.
-- CONCURRENTLY keeps the table writable meanwhile and cannot run inside a transaction:
-- psql -v ON_ERROR_STOP=1 -f FILE, without --single-transaction.

DROP INDEX CONCURRENTLY IF EXISTS "public"."booking_company_id_scheduled_time_id_idx";
DROP INDEX CONCURRENTLY IF EXISTS "public"."driver_company_id_idx";
DROP INDEX CONCURRENTLY IF EXISTS "public"."dispatch_run_service_day_idx";
DROP INDEX CONCURRENTLY IF EXISTS "public"."booking_driver_id_scheduled_time_idx";
DROP INDEX CONCURRENTLY IF EXISTS "public"."booking_client_id_company_id_idx";
DROP INDEX CONCURRENTLY IF EXISTS "public"."assignment_dispatch_run_id_idx";
DROP INDEX CONCURRENTLY IF EXISTS "public"."assignment_driver_id_created_at_idx";
DROP INDEX CONCURRENTLY IF EXISTS "public"."assignment_booking_id_idx";
