-- Called by variants/apply-row-by-row.ts: writes one assignment.
INSERT INTO assignment (dispatch_run_id, booking_id, driver_id, status, sequence, planned_pickup_at,
                        planned_dropoff_at, approach_m)
VALUES ($1, $2, $3, 'proposed', $4, $5, $6, $7)
