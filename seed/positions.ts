import type { CopyBuffer } from './copy-buffer.ts';
import { portableCos, portableSin } from './portable-math.ts';

/**
 * A position in hundred-thousandths of a degree (about 1.1 m), WGS 84. Whole numbers, so that what is computed is
 * exactly what is written.
 */
export interface Position {
  readonly latE5: number;
  readonly lonE5: number;
}

/** Length of a degree of latitude on a sphere of the mean earth radius R1 = 6,371,008.8 m (IUGG). */
const METRES_PER_DEGREE = 111_195.08;
const E5 = 100_000;

/** Compass directions that `positionAt` knows; a power of two. */
export const DIRECTIONS = 1_024;
const NORTH = Float64Array.from({ length: DIRECTIONS }, (_, i) => portableCos(i / DIRECTIONS));
const EAST = Float64Array.from({ length: DIRECTIONS }, (_, i) => portableSin(i / DIRECTIONS));

const COSINES_PER_DEGREE = 100;
const COSINE_OF_LATITUDE = Float64Array.from({ length: 90 * COSINES_PER_DEGREE + 1 }, (_, i) =>
  portableCos(i / COSINES_PER_DEGREE / 360),
);

/**
 * The position at a distance in a compass direction (0 to 1023, clockwise from north). Flat-earth formula with the
 * cosine of the middle latitude: within 0.1 % of the great circle up to 50 km.
 */
export function positionAt(from: Position, distanceM: number, direction: number): Position {
  const northM = distanceM * (NORTH[direction & (DIRECTIONS - 1)] ?? 0);
  const eastM = distanceM * (EAST[direction & (DIRECTIONS - 1)] ?? 0);
  const latE5 = Math.round(from.latE5 + (northM / METRES_PER_DEGREE) * E5);
  const middleLatE5 = (from.latE5 + latE5) / 2;
  const cosine = COSINE_OF_LATITUDE[Math.round(Math.abs(middleLatE5) / (E5 / COSINES_PER_DEGREE))] ?? 1;
  return { latE5, lonE5: Math.round(from.lonE5 + (eastM / (METRES_PER_DEGREE * cosine)) * E5) };
}

/** Degrees with five decimals: -125770 → `-1.25770`. */
export function degreesText(e5: number): string {
  const magnitude = Math.abs(e5);
  const fraction = String(magnitude % E5).padStart(5, '0');
  return `${e5 < 0 ? '-' : ''}${Math.floor(magnitude / E5)}.${fraction}`;
}

const POINT = 0x2e;
const MINUS = 0x2d;

/** Writes what `degreesText` says. */
export function writeDegrees(e5: number, out: CopyBuffer): void {
  const magnitude = Math.abs(e5);
  const whole = Math.floor(magnitude / E5);
  if (e5 < 0) out.byte(MINUS);
  out.integer(whole);
  out.byte(POINT);
  out.digits(magnitude - whole * E5, 5);
}
