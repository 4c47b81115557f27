-- The planner's database, empty. Foreign keys, primary keys and unique constraints; indexes beyond those are in migrations/.

CREATE TYPE order_state AS ENUM ('waiting', 'planned', 'unplanned', 'delivered');

CREATE TABLE depot (
  id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code      varchar(12) NOT NULL UNIQUE CHECK (code = upper(code)),
  city      text NOT NULL,
  latitude  double precision NOT NULL CHECK (latitude BETWEEN -90 AND 90),
  longitude double precision NOT NULL CHECK (longitude BETWEEN -180 AND 180)
);

CREATE TABLE account (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  depot_id      integer NOT NULL REFERENCES depot,
  email         text NOT NULL UNIQUE CHECK (email = lower(email)),
  password_hash text NOT NULL CHECK (password_hash LIKE 'pbkdf2\_sha256$%'),
  display_name  text NOT NULL,
  is_active     boolean NOT NULL DEFAULT true,
  created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE courier (
  id          uuid PRIMARY KEY,
  depot_id    integer NOT NULL REFERENCES depot,
  first_name  text NOT NULL,
  last_name   text NOT NULL,
  full_name   text GENERATED ALWAYS AS (first_name || ' ' || last_name) STORED,
  capacity    smallint NOT NULL CHECK (capacity > 0), -- parcels a day
  shift_start time NOT NULL, -- Europe/Berlin
  shift_end   time NOT NULL,
  employed_on date NOT NULL DEFAULT current_date,
  is_active   boolean NOT NULL DEFAULT true,
  CHECK (shift_start < shift_end)
);

CREATE TABLE recipient (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name      text NOT NULL,
  street    text NOT NULL,
  postcode  char(5) NOT NULL CHECK (postcode ~ '^[0-9]{5}$'),
  city      text NOT NULL,
  latitude  double precision NOT NULL CHECK (latitude BETWEEN -90 AND 90),
  longitude double precision NOT NULL CHECK (longitude BETWEEN -180 AND 180)
);

CREATE TABLE parcel_order (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  reference    varchar(20) NOT NULL UNIQUE,
  depot_id     integer NOT NULL REFERENCES depot,
  recipient_id bigint NOT NULL REFERENCES recipient,
  state        order_state NOT NULL DEFAULT 'waiting',
  due_at       timestamp NOT NULL, -- Europe/Berlin
  due_day      date GENERATED ALWAYS AS (due_at::date) STORED,
  parcels      smallint NOT NULL DEFAULT 1 CHECK (parcels BETWEEN 1 AND 20),
  note         text,
  created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE plan_run (
  id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  depot_id     integer NOT NULL REFERENCES depot,
  requested_by uuid NOT NULL REFERENCES account,
  day          date NOT NULL,
  state        text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'finished', 'failed')),
  planned      integer NOT NULL DEFAULT 0 CHECK (planned >= 0),
  unplanned    integer NOT NULL DEFAULT 0 CHECK (unplanned >= 0),
  error        text,
  requested_at timestamptz NOT NULL DEFAULT now(),
  ended_at     timestamp, -- Europe/Berlin
  CHECK ((state IN ('finished', 'failed')) = (ended_at IS NOT NULL))
);

CREATE TABLE stop (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan_run_id     uuid NOT NULL REFERENCES plan_run,
  courier_id      uuid NOT NULL REFERENCES courier,
  parcel_order_id bigint NOT NULL REFERENCES parcel_order,
  day             date NOT NULL,
  position        smallint NOT NULL CHECK (position > 0), -- the courier's first stop of the day is 1
  arrives_at      timestamp NOT NULL, -- Europe/Berlin
  distance_m      integer NOT NULL CHECK (distance_m >= 0) -- as the crow flies, from the stop before or the depot
);
