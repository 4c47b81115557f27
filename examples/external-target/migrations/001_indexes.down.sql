DROP INDEX stop_plan_run;
DROP INDEX stop_courier_day;
DROP INDEX parcel_order_depot_day;
