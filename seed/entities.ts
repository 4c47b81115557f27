/** What a dataset is made of, as objects: for schemas that are not ours. Each has the columns of its table in `target/schema.sql`. */

export interface CompanyEntity {
  readonly id: number;
  readonly name: string;
  readonly town: string;
  readonly depotLat: number;
  readonly depotLon: number;
  readonly createdAt: Date;
}

export interface UserEntity {
  readonly id: number;
  readonly companyId: number;
  readonly email: string;
  readonly fullName: string;
  readonly role: 'dispatcher' | 'viewer';
  readonly createdAt: Date;
}

export interface ClientEntity {
  readonly id: number;
  readonly companyId: number;
  readonly fullName: string;
  readonly phone: string;
  readonly needsWheelchair: boolean;
  readonly createdAt: Date;
}

export interface DriverEntity {
  readonly id: number;
  readonly companyId: number;
  readonly fullName: string;
  readonly phone: string;
  readonly seats: number;
  readonly takesWheelchair: boolean;
  /** Minute of the service day, UTC. */
  readonly shiftStartMinute: number;
  readonly shiftEndMinute: number;
  readonly homeLat: number;
  readonly homeLon: number;
  readonly currentLat: number;
  readonly currentLon: number;
  readonly isAvailable: boolean;
  readonly isActive: boolean;
  readonly createdAt: Date;
}

export interface BookingEntity {
  readonly id: number;
  readonly companyId: number;
  readonly clientId: number;
  /** Of past bookings that were driven; else null. */
  readonly driverId: number | null;
  /** `open` bookings are to be dispatched, all others are history. */
  readonly status: 'open' | 'completed' | 'cancelled';
  readonly scheduledTime: Date;
  /** Service day of `scheduledTime`, YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly passengers: number;
  readonly pickupAddress: string;
  readonly pickupLat: number;
  readonly pickupLon: number;
  readonly dropoffAddress: string;
  readonly dropoffLat: number;
  readonly dropoffLon: number;
  readonly distanceM: number;
  readonly priceCents: number;
  readonly notes: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A past dispatch. */
export interface DispatchRunEntity {
  readonly id: number;
  readonly companyId: number;
  /** YYYY-MM-DD */
  readonly serviceDay: string;
  readonly requestedBy: number | null;
  readonly bookingsOffered: number;
  readonly assignedCount: number;
  readonly unassignedCount: number;
  readonly createdAt: Date;
  readonly finishedAt: Date;
}

/** A past assignment. */
export interface AssignmentEntity {
  readonly id: number;
  readonly dispatchRunId: number;
  readonly bookingId: number;
  readonly driverId: number;
  readonly status: 'completed' | 'cancelled' | 'declined';
  /** Position in the driver's day, from 1. */
  readonly sequence: number;
  readonly plannedPickupAt: Date;
  readonly plannedDropoffAt: Date;
  readonly approachM: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

interface Entities {
  readonly companies: CompanyEntity;
  readonly users: UserEntity;
  readonly clients: ClientEntity;
  readonly drivers: DriverEntity;
  readonly bookings: BookingEntity;
  readonly dispatchRuns: DispatchRunEntity;
  readonly assignments: AssignmentEntity;
}

export type EntityName = keyof Entities;
export type EntityOf<Name extends EntityName> = Entities[Name];
