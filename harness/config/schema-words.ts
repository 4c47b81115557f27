/**
 * The words that the schema of a config is written in. A message here is what was expected and nothing else: `config-shape.ts` says what
 * was got instead, and where.
 */
import { z } from 'zod';

/** An object with these members and no others. The message of an unknown one is the list of those there are. */
export function members<Shape extends z.core.$ZodLooseShape>(shape: Shape, expected = 'an object') {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : expected),
  });
}

/** What a value is checked against is chosen by what it looks like; a text instead of a schema is what was expected. */
export function chosen(choose: (value: unknown) => z.ZodType | string): z.ZodType {
  return z.unknown().check((context) => {
    const choice = choose(context.value);
    if (typeof choice === 'string')
      context.issues.push({ code: 'custom', input: context.value, message: choice });
    else
      for (const issue of choice.safeParse(context.value).error?.issues ?? [])
        context.issues.push({ ...issue, path: [...issue.path], input: context.value } as z.core.$ZodRawIssue);
  });
}

/** Things by a name of one's own. */
export function named(value: z.ZodType, name: z.ZodType<string, string>, expected: string) {
  return z.record(name, value, expected);
}

export function list(item: z.ZodType, expected: string) {
  return z.array(item, expected).min(1, expected);
}

export const text = (expected: string) => z.string(expected).trim().min(1, expected);

export const matching = (pattern: RegExp, expected: string) => z.string(expected).regex(pattern, expected);

export function between(least: number, most: number, unit: string) {
  const expected = `${unit} from ${least} to ${most}`;
  return z.number(expected).min(least, expected).max(most, expected);
}

export function above0(most: number, unit: string) {
  const expected = `${unit} above 0 and at most ${most}`;
  return z.number(expected).gt(0, expected).max(most, expected);
}

export function whole(least: number, most: number) {
  const expected = `a whole number from ${least} to ${most}`;
  return z.number(expected).int(expected).min(least, expected).max(most, expected);
}

export function procedure(expected: string) {
  return z.custom((value) => typeof value === 'function', expected);
}

export const trueOrFalse = z.boolean('true or false');

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
