/** What the decision assumes about roads, people and fairness. */
export interface DispatchRules {
  /** A passenger may be picked up this long before and after the scheduled time. */
  readonly windowMinutes: number;
  /** Mean speed in town, stops at lights included. */
  readonly averageSpeedKmh: number;
  /** Road distance per straight-line distance. */
  readonly roadFactor: number;
  /** Time to get in, and again to get out. */
  readonly serviceMinutes: number;
  /** Empty metres a company would drive to give the trip to a driver with one recent assignment less. */
  readonly recentAssignmentCostM: number;
  /** The same for one trip on the service day itself. */
  readonly todayTripCostM: number;
}

export const DISPATCH_RULES: DispatchRules = {
  windowMinutes: 15,
  averageSpeedKmh: 30,
  roadFactor: 1.3,
  serviceMinutes: 3,
  recentAssignmentCostM: 100,
  todayTripCostM: 1_500,
};

const MINUTE_MS = 60_000;

export function minutesToMs(minutes: number): number {
  return minutes * MINUTE_MS;
}

/** Road distance of a straight line, in whole metres. */
export function toRoadM(straightM: number, rules: DispatchRules): number {
  return Math.round(straightM * rules.roadFactor);
}

/** Driving time over a road distance in metres, in whole milliseconds, rounded up. */
export function drivingMs(roadM: number, rules: DispatchRules): number {
  return Math.ceil((roadM * 60 * MINUTE_MS) / (rules.averageSpeedKmh * 1_000));
}
