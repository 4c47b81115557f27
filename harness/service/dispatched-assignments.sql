-- What dispatches of the reference service wrote, without ids and clock times: equal in every variant, or one is wrong.
-- Called by outcome.ts. $1: company ids, $2: service days, pairwise.
SELECT r.company_id, r.service_day::text AS service_day, a.booking_id, a.driver_id, a.sequence, a.status,
       a.planned_pickup_at, a.planned_dropoff_at, a.approach_m
FROM unnest($1::int[], $2::date[]) AS probed (company_id, service_day)
JOIN dispatch_run r USING (company_id, service_day)
JOIN assignment a ON a.dispatch_run_id = r.id
ORDER BY r.company_id, r.service_day, a.booking_id, a.driver_id
