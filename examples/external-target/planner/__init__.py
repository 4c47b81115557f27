"""Plans which courier delivers which parcels on a day."""
