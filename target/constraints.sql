-- Foreign keys, added once the rows are in: checking them in one pass is cheaper than row by row during COPY.
-- PostgreSQL does not index the referencing side by itself, and neither does this file (see migrations/).

ALTER TABLE app_user ADD CONSTRAINT app_user_company_fk FOREIGN KEY (company_id) REFERENCES company (id);
ALTER TABLE client ADD CONSTRAINT client_company_fk FOREIGN KEY (company_id) REFERENCES company (id);
ALTER TABLE driver ADD CONSTRAINT driver_company_fk FOREIGN KEY (company_id) REFERENCES company (id);
ALTER TABLE booking ADD CONSTRAINT booking_company_fk FOREIGN KEY (company_id) REFERENCES company (id);
ALTER TABLE booking ADD CONSTRAINT booking_client_fk FOREIGN KEY (client_id) REFERENCES client (id);
ALTER TABLE booking ADD CONSTRAINT booking_driver_fk FOREIGN KEY (driver_id) REFERENCES driver (id);
ALTER TABLE dispatch_run ADD CONSTRAINT dispatch_run_company_fk FOREIGN KEY (company_id) REFERENCES company (id);
ALTER TABLE dispatch_run ADD CONSTRAINT dispatch_run_user_fk FOREIGN KEY (requested_by) REFERENCES app_user (id);
ALTER TABLE assignment ADD CONSTRAINT assignment_run_fk FOREIGN KEY (dispatch_run_id) REFERENCES dispatch_run (id);
ALTER TABLE assignment ADD CONSTRAINT assignment_booking_fk FOREIGN KEY (booking_id) REFERENCES booking (id);
ALTER TABLE assignment ADD CONSTRAINT assignment_driver_fk FOREIGN KEY (driver_id) REFERENCES driver (id);
