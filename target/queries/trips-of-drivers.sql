-- Called by variants/load-dispatch-batched.ts: what these drivers already have to do on the service day.
SELECT b.id, b.driver_id, b.pickup_lat, b.pickup_lon, b.dropoff_lat, b.dropoff_lon
FROM booking b
WHERE b.driver_id = ANY($1::int[])
  AND b.status IN ('assigned', 'in_progress')
  AND b.scheduled_time >= $2
  AND b.scheduled_time < $3
