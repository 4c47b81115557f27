-- The ten indexes of the optimisation week. Runs in psql too. Each line names the query that the index serves.

-- Latest assignment of a booking (GET bookings) and its earlier assignments (dispatch, load).
CREATE INDEX IF NOT EXISTS assignment_booking_created_idx ON assignment (booking_id, created_at);

-- Open bookings of a company-day (dispatch, load): queries/open-bookings.sql.
CREATE INDEX IF NOT EXISTS booking_status_scheduled_company_idx ON booking (status, scheduled_time, company_id);

-- Drivers who may be sent (dispatch, load) and GET drivers?available=true.
CREATE INDEX IF NOT EXISTS driver_company_available_active_idx ON driver (company_id, is_available, is_active);

-- Bookings of a day in any status: GET bookings?date=.
CREATE INDEX IF NOT EXISTS booking_company_scheduled_idx ON booking (company_id, scheduled_time);

-- Assignments of a dispatch run: GET company_dispatch/assignments?runId=&status=.
CREATE INDEX IF NOT EXISTS assignment_run_status_idx ON assignment (dispatch_run_id, status);

-- Recent assignments of a driver, for fairness (dispatch, load).
CREATE INDEX IF NOT EXISTS assignment_driver_created_idx ON assignment (driver_id, created_at);

-- What a driver already has to do on the service day (dispatch, load): queries/trips-of-driver.sql.
CREATE INDEX IF NOT EXISTS booking_driver_scheduled_idx ON booking (driver_id, scheduled_time);

-- Bookings of one client: GET bookings?clientId=.
CREATE INDEX IF NOT EXISTS booking_client_scheduled_idx ON booking (client_id, scheduled_time);

-- Runs of a company-day that lost their process (dispatch, start): queries/start-dispatch-run.sql.
CREATE INDEX IF NOT EXISTS dispatch_run_company_day_idx ON dispatch_run (company_id, service_day);

-- Foreign key check when a company is deleted. No statement of the service needs it.
CREATE INDEX IF NOT EXISTS client_company_idx ON client (company_id);
