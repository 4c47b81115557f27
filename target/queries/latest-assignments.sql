-- Called by variants/describe-batched.ts: the latest assignment of each of these bookings.
SELECT DISTINCT ON (a.booking_id) a.booking_id, a.id, a.status, a.driver_id, a.created_at
FROM assignment a
WHERE a.booking_id = ANY($1::bigint[])
ORDER BY a.booking_id, a.created_at DESC, a.id DESC
