-- Called by variants/apply-bulk.ts: gives bookings to their drivers, leaving alone those no longer open.
UPDATE booking b
SET status = 'assigned', driver_id = p.driver_id, updated_at = now()
FROM unnest($1::bigint[], $2::int[]) AS p (booking_id, driver_id)
WHERE b.id = p.booking_id
  AND b.status = 'open'
RETURNING b.id
