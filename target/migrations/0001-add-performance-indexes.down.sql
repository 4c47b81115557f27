-- Takes back 0001-add-performance-indexes.up.sql. Runs in psql too.

DROP INDEX IF EXISTS client_company_idx;
DROP INDEX IF EXISTS dispatch_run_company_day_idx;
DROP INDEX IF EXISTS booking_client_scheduled_idx;
DROP INDEX IF EXISTS booking_driver_scheduled_idx;
DROP INDEX IF EXISTS assignment_driver_created_idx;
DROP INDEX IF EXISTS assignment_run_status_idx;
DROP INDEX IF EXISTS booking_company_scheduled_idx;
DROP INDEX IF EXISTS driver_company_available_active_idx;
DROP INDEX IF EXISTS booking_status_scheduled_company_idx;
DROP INDEX IF EXISTS assignment_booking_created_idx;
