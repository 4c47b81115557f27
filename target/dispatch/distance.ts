/** A place on earth, WGS 84, in degrees. */
export interface Place {
  readonly lat: number;
  readonly lon: number;
}

/** A place prepared for many distance computations. */
export interface SpherePoint {
  readonly latRad: number;
  readonly lonRad: number;
  readonly cosLat: number;
}

/** Mean earth radius R1 of the IUGG, in metres (Moritz, Geodetic Reference System 1980). */
export const EARTH_RADIUS_M = 6_371_008.8;

export function toSpherePoint(place: Place): SpherePoint {
  const latRad = (place.lat * Math.PI) / 180;
  return { latRad, lonRad: (place.lon * Math.PI) / 180, cosLat: Math.cos(latRad) };
}

/**
 * Great-circle distance in metres by the haversine formula (Sinnott, "Virtues of the Haversine", Sky and Telescope
 * 68, 1984). 0 for equal places.
 */
export function haversineM(from: SpherePoint, to: SpherePoint): number {
  const sinHalfLat = Math.sin((to.latRad - from.latRad) / 2);
  const sinHalfLon = Math.sin((to.lonRad - from.lonRad) / 2);
  const h = sinHalfLat * sinHalfLat + from.cosLat * to.cosLat * sinHalfLon * sinHalfLon;
  // Rounding can lift h above 1 for antipodes, where asin would answer NaN.
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}
