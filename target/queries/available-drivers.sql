-- Called by variants/load-dispatch-per-row.ts: the drivers of a company who may be sent.
SELECT d.id, d.seats, d.takes_wheelchair, d.shift_start_minute, d.shift_end_minute, d.home_lat, d.home_lon
FROM driver d
WHERE d.company_id = $1
  AND d.is_available
  AND d.is_active
