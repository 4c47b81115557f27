/**
 * Parts of the JSON schemas that several routes share. Query and path values arrive as text and are not coerced:
 * a body that says "5" where a number belongs is an error.
 */

/** Whole numbers that fit PostgreSQL's `integer`. */
export const INTEGER_ID = { type: 'string', pattern: '^[1-9][0-9]{0,8}$' } as const;
/** Whole numbers that fit a JavaScript number exactly, and so `bigint`. */
export const BIGINT_ID = { type: 'string', pattern: '^[1-9][0-9]{0,14}$' } as const;
/** 1 to 100. */
export const LIMIT = { type: 'string', pattern: '^([1-9][0-9]?|100)$' } as const;
/** `YYYY-MM-DD` in the years that a timestamp of every part of the system can hold. */
export const DAY = { type: 'string', format: 'date', pattern: '^(19|20)' } as const;
export const INSTANT = { type: 'string', format: 'date-time', pattern: '^(19|20)' } as const;

export const PLACE_PROPERTIES = {
  lat: { type: 'number', minimum: -90, maximum: 90 },
  lon: { type: 'number', minimum: -180, maximum: 180 },
} as const;

export const ADDRESSED_PLACE = {
  type: 'object',
  additionalProperties: false,
  required: ['address', 'lat', 'lon'],
  properties: { address: { type: 'string', minLength: 1, maxLength: 200 }, ...PLACE_PROPERTIES },
} as const;

/** A closed object schema. */
export function objectSchema(properties: Record<string, unknown>, required: readonly string[] = []) {
  return { type: 'object', additionalProperties: false, properties, required };
}

export const BOOKING_KEY = objectSchema({ id: BIGINT_ID }, ['id']);
export const ASSIGNMENT_KEY = BOOKING_KEY;
export const RUN_KEY = BOOKING_KEY;
export const DRIVER_KEY = objectSchema({ id: INTEGER_ID }, ['id']);

/** A number from text that its schema has checked; undefined stays undefined. */
export function optionalNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
