-- Called by variants/load-dispatch-per-row.ts: the bookings of one company-day that wait for a driver.
SELECT b.id, b.client_id, b.scheduled_time, b.passengers,
       b.pickup_lat, b.pickup_lon, b.dropoff_lat, b.dropoff_lon, b.distance_m
FROM booking b
WHERE b.company_id = $1
  AND b.status = 'open'
  AND b.scheduled_time >= $2
  AND b.scheduled_time < $3
