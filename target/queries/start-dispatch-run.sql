-- Called by dispatch/dispatch-run.ts by the holder of the company-day's lock: begins a run. Another run of the
-- company-day that still says 'running' has lost its process, because the lock went with it.
WITH lost AS (
  UPDATE dispatch_run
  SET status = 'failed', error = 'The service stopped before this dispatch ended.', finished_at = now()
  WHERE company_id = $1 AND service_day = $2 AND status = 'running'
)
INSERT INTO dispatch_run (company_id, service_day, status, requested_by)
VALUES ($1, $2, 'running', $3)
RETURNING id, company_id, service_day::text AS service_day, status, bookings_offered, assigned_count,
          unassigned_count, load_ms, decide_ms, apply_ms, error
