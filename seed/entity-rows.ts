import { CopyFields } from './copy-fields.ts';
import type { EntityName, EntityOf } from './entities.ts';
import type { DatasetShape } from './profiles.ts';
import type { TableRows } from './table-rows.ts';
import { datasetTables } from './tables.ts';

interface EntityTable<Entity> {
  readonly table: string;
  /** Reads the columns of one row, in their order. */
  read(row: CopyFields): Entity;
}

const ENTITY_TABLES: { readonly [Name in EntityName]: EntityTable<EntityOf<Name>> } = {
  companies: {
    table: 'company',
    read: (row) => ({
      id: row.number(),
      name: row.text(),
      town: row.text(),
      depotLat: row.number(),
      depotLon: row.number(),
      createdAt: row.time(),
    }),
  },
  users: {
    table: 'app_user',
    read: (row) => {
      const [id, companyId, email] = [row.number(), row.number(), row.text()];
      row.skip(); // the password's hash in the form of our own service
      const fullName = row.text();
      const role = row.text() as EntityOf<'users'>['role'];
      return { id, companyId, email, fullName, role, createdAt: row.time() };
    },
  },
  clients: {
    table: 'client',
    read: (row) => ({
      id: row.number(),
      companyId: row.number(),
      fullName: row.text(),
      phone: row.text(),
      needsWheelchair: row.boolean(),
      createdAt: row.time(),
    }),
  },
  drivers: { table: 'driver', read: readDriver },
  bookings: { table: 'booking', read: readBooking },
  dispatchRuns: {
    table: 'dispatch_run',
    read: (row) => {
      const [id, companyId, serviceDay] = [row.number(), row.number(), row.text()];
      row.skip(); // its status: all of them are completed
      return {
        id,
        companyId,
        serviceDay,
        requestedBy: row.nullable() ? null : row.number(),
        bookingsOffered: row.number(),
        assignedCount: row.number(),
        unassignedCount: row.number(),
        createdAt: row.time(),
        finishedAt: row.time(),
      };
    },
  },
  assignments: {
    table: 'assignment',
    read: (row) => ({
      id: row.number(),
      dispatchRunId: row.number(),
      bookingId: row.number(),
      driverId: row.number(),
      status: row.text() as EntityOf<'assignments'>['status'],
      sequence: row.number(),
      plannedPickupAt: row.time(),
      plannedDropoffAt: row.time(),
      approachM: row.number(),
      createdAt: row.time(),
      updatedAt: row.time(),
    }),
  },
};

export const ENTITY_NAMES = Object.keys(ENTITY_TABLES) as readonly EntityName[];

/**
 * All entities of one kind, in the order of their ids, made while they are read. They are read back from the rows of the
 * reference schema, so both always say the same.
 */
export function* entitiesOf<Name extends EntityName>(
  shape: DatasetShape,
  name: Name,
): Generator<EntityOf<Name>> {
  const { read }: EntityTable<EntityOf<Name>> = ENTITY_TABLES[name];
  const row = new CopyFields();
  for (const { bytes } of rowsOf(shape, name).chunks()) {
    for (row.open(bytes); row.next(); ) yield read(row);
  }
}

/** How many entities of a kind there are. Of assignments it makes every past booking to know it. */
export function entityCount(shape: DatasetShape, name: EntityName): number {
  return rowsOf(shape, name).rowCount();
}

/** The rows of the reference table that hold an entity. */
export function rowsOf(shape: DatasetShape, name: EntityName): TableRows {
  const { table } = ENTITY_TABLES[name];
  const rows = datasetTables(shape).find((one) => one.table === table);
  if (!rows) throw new Error(`Expected a table "${table}" in the dataset.`);
  return rows;
}

function readDriver(row: CopyFields): EntityOf<'drivers'> {
  const person = { id: row.number(), companyId: row.number(), fullName: row.text(), phone: row.text() };
  const vehicle = { seats: row.number(), takesWheelchair: row.boolean() };
  const shift = { shiftStartMinute: row.number(), shiftEndMinute: row.number() };
  const place = {
    homeLat: row.number(),
    homeLon: row.number(),
    currentLat: row.number(),
    currentLon: row.number(),
  };
  row.skip(); // when the position was told
  const state = { isAvailable: row.boolean(), isActive: row.boolean(), createdAt: row.time() };
  return { ...person, ...vehicle, ...shift, ...place, ...state };
}

function readBooking(row: CopyFields): EntityOf<'bookings'> {
  const [id, companyId, clientId] = [row.number(), row.number(), row.number()];
  const driverId = row.nullable() ? null : row.number();
  const status = row.text() as EntityOf<'bookings'>['status'];
  const day = row.day();
  return {
    id,
    companyId,
    clientId,
    driverId,
    status,
    scheduledTime: row.time(),
    day,
    passengers: row.number(),
    pickupAddress: row.text(),
    pickupLat: row.number(),
    pickupLon: row.number(),
    dropoffAddress: row.text(),
    dropoffLat: row.number(),
    dropoffLon: row.number(),
    distanceM: row.number(),
    priceCents: row.number(),
    notes: row.nullable() ? null : row.text(),
    createdAt: row.time(),
    updatedAt: row.time(),
  };
}
