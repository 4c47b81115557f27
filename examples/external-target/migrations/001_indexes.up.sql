-- orders of a depot and day: the planner's first query, and the list
CREATE INDEX parcel_order_depot_day ON parcel_order (depot_id, due_day);

-- what a courier does on a day: asked for each courier before it gets more
CREATE INDEX stop_courier_day ON stop (courier_id, day);

-- the stops of a plan: read by whoever asked for it
CREATE INDEX stop_plan_run ON stop (plan_run_id);
