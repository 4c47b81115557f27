-- Called by variants/apply-bulk.ts: gives bookings to their drivers and writes the assignments of those that were still
-- open, in the order given. One statement, so all of it happens or nothing.
WITH planned AS (
  SELECT *
  FROM unnest($2::bigint[], $3::int[], $4::smallint[], $5::timestamptz[], $6::timestamptz[], $7::int[])
       WITH ORDINALITY AS p (booking_id, driver_id, sequence, pickup_at, dropoff_at, approach_m, position)
), claimed AS (
  UPDATE booking b
  SET status = 'assigned', driver_id = p.driver_id, updated_at = now()
  FROM unnest($2::bigint[], $3::int[]) AS p (booking_id, driver_id)
  WHERE b.id = p.booking_id AND b.status = 'open'
  RETURNING b.id
)
INSERT INTO assignment (dispatch_run_id, booking_id, driver_id, status, sequence, planned_pickup_at,
                        planned_dropoff_at, approach_m)
SELECT $1, p.booking_id, p.driver_id, 'proposed', p.sequence, p.pickup_at, p.dropoff_at, p.approach_m
FROM planned p
JOIN claimed c ON c.id = p.booking_id
ORDER BY p.position
