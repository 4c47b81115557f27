-- Called by variants/load-dispatch-batched.ts: the drivers who may be sent, each with its recent assignments counted.
SELECT d.id, d.seats, d.takes_wheelchair, d.shift_start_minute, d.shift_end_minute, d.home_lat, d.home_lon,
       count(a.id) AS recent_assignments
FROM driver d
LEFT JOIN assignment a ON a.driver_id = d.id AND a.created_at >= $2 AND a.created_at < $3
WHERE d.company_id = $1
  AND d.is_available
  AND d.is_active
GROUP BY d.id
