-- Called by variants/load-dispatch-per-row.ts: what one driver already has to do on the service day.
SELECT b.id, b.driver_id, b.pickup_lat, b.pickup_lon, b.dropoff_lat, b.dropoff_lon
FROM booking b
WHERE b.driver_id = $1
  AND b.status IN ('assigned', 'in_progress')
  AND b.scheduled_time >= $2
  AND b.scheduled_time < $3
