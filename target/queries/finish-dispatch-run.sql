-- Called by dispatch/dispatch-run.ts: what a dispatch did and how long its phases took.
UPDATE dispatch_run
SET status = 'completed', bookings_offered = $2, assigned_count = $3, unassigned_count = $4,
    load_ms = $5, decide_ms = $6, apply_ms = $7, finished_at = now()
WHERE id = $1
RETURNING id, company_id, service_day::text AS service_day, status, bookings_offered, assigned_count,
          unassigned_count, load_ms, decide_ms, apply_ms, error
