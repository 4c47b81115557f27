-- Called by variants/load-dispatch-batched.ts: the open bookings of one company-day, each with its client.
SELECT b.id, b.client_id, b.scheduled_time, b.passengers,
       b.pickup_lat, b.pickup_lon, b.dropoff_lat, b.dropoff_lon, b.distance_m, c.needs_wheelchair
FROM booking b
JOIN client c ON c.id = b.client_id
WHERE b.company_id = $1
  AND b.status = 'open'
  AND b.scheduled_time >= $2
  AND b.scheduled_time < $3
