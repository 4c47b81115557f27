-- Called by variants/load-dispatch-per-row.ts: what one driver already has to do on the service day.
SELECT b.driver_id, a.planned_pickup_at, a.planned_dropoff_at,
       b.pickup_lat, b.pickup_lon, b.dropoff_lat, b.dropoff_lon
FROM booking b
JOIN assignment a ON a.booking_id = b.id AND a.driver_id = b.driver_id AND a.status IN ('proposed', 'accepted')
WHERE b.driver_id = $1
  AND b.status IN ('assigned', 'in_progress')
  AND b.scheduled_time >= $2
  AND b.scheduled_time < $3
