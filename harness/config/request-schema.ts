/** The schemas of requests, values and what is read from answers. */
import { z } from 'zod';
import { chosen, isObject, list, matching, members, named, text } from './schema-words.ts';

/** What a placeholder may be called, and so a column and an extracted value. */
export const identifier = matching(
  /^[\p{L}_][\p{L}\p{N}_]*$/u,
  'a name of letters, digits and `_` that a placeholder can have',
);

const value = chosen((given) =>
  given === null || typeof given === 'string' || typeof given === 'boolean' || Number.isFinite(given)
    ? z.unknown()
    : 'a text, a finite number, true, false or null',
);

/** A row of a list of offers or accounts. */
export const values = named(value, identifier, 'an object of values by column');

/** Recursive: the items of a list and the members of an object are JSON again. */
const json: z.ZodType = chosen((given) => {
  if (Array.isArray(given)) return z.array(json);
  if (isObject(given) && isPlain(given)) return z.record(z.string(), json);
  return given === null || typeof given === 'string' || typeof given === 'boolean' || Number.isFinite(given)
    ? z.unknown()
    : 'what JSON can hold';
});

function isPlain(given: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(given);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

export const headers = named(
  // Latin letters and signs without control characters (RFC 9110, 5.5): others cannot be sent.
  matching(/^[\t\x20-\x7e\x80-\xff]*$/, 'the value of a header, on one line'),
  matching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'the name of a header'),
  'an object of texts by header',
);

/** The empty path is the answer itself. */
export const answerPath = matching(
  /^([^.\s[\]$]+(\.[^.\s[\]$]+)*)?$/,
  "a dotted path into the answer, such as 'run.id' or 'items.0.id'",
);

export const extract = named(answerPath, identifier, 'an object of paths by name');

export const REQUEST_MEMBERS = {
  method: z
    .enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], "'GET', 'POST', 'PUT', 'PATCH' or 'DELETE'")
    .optional(),
  path: matching(
    /^\/(?!\/)\S*$/,
    "a path from the service's origin on, beginning with one '/' and without spaces",
  ),
  headers: headers.optional(),
  body: json.optional(),
  form: named(z.string('a text'), text('the name of a field'), 'an object of texts by field').optional(),
};

export const request = members(REQUEST_MEMBERS, "a request, such as { path: '/orders' }");

export const requests = list(request, 'a list of requests');
