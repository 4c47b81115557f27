-- Called by variants/apply-bulk.ts: writes all assignments of a dispatch, in the order given.
INSERT INTO assignment (dispatch_run_id, booking_id, driver_id, status, sequence, planned_pickup_at,
                        planned_dropoff_at, approach_m)
SELECT $1, p.booking_id, p.driver_id, 'proposed', p.sequence, p.pickup_at, p.dropoff_at, p.approach_m
FROM unnest($2::bigint[], $3::int[], $4::smallint[], $5::timestamptz[], $6::timestamptz[], $7::int[])
     WITH ORDINALITY AS p (booking_id, driver_id, sequence, pickup_at, dropoff_at, approach_m, position)
ORDER BY p.position
