-- Called by bookings/booking-queries.ts: a new open booking, if the client is one of the company's.
INSERT INTO booking (company_id, client_id, status, scheduled_time, passengers, pickup_address, pickup_lat, pickup_lon,
                     dropoff_address, dropoff_lat, dropoff_lon, distance_m, price_cents, notes)
SELECT c.company_id, c.id, 'open', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
FROM client c
WHERE c.id = $1
  AND c.company_id = $2
RETURNING *
