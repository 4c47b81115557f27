/** What no verb can work with, whatever it does: refused before it begins. Pure. */
import { HarnessError } from '../errors.ts';
import { argumentName, helpHint, textsOf } from './usage-words.ts';

/** Names of the options by type, as yargs knows them. */
export interface OptionTypes {
  readonly array: readonly string[];
  readonly boolean: readonly string[];
  readonly number: readonly string[];
}

/**
 * An empty text is what a variable that is not set leaves behind: `--server "$URL"` must not mean the embedded server. An option that
 * was given twice would be a list, `--no-results` a false, and a number that is none NaN.
 *
 * @throws HarnessError BAD_OPTION that lists every argument that is off
 */
export function checkGivenValues(
  given: Readonly<Record<string, unknown>>,
  types: OptionTypes,
  args: readonly string[],
): void {
  const problems = Object.entries(given).flatMap(([name, value]) => {
    if (/[A-Z$_]/.test(name)) return []; // camelCase copies, and what is not an option
    const problem = problemOf(name, value, types, args);
    return problem === null ? [] : [`${argumentName(name, args)}: expected ${problem}.`];
  });
  if (problems.length > 0)
    throw new HarnessError('BAD_OPTION', problems.join('\n'), {
      hint: problems.some((problem) => problem.endsWith(EMPTY)) ? EMPTY_HINT : helpHint(args),
    });
}

/** Options whose `--no-…` means none at all, not even what is there by default. */
const CAN_BE_NONE: readonly string[] = ['config'];

const EMPTY = 'got an empty text.';
const EMPTY_HINT = 'A shell variable that is not set leaves one; leave the option out for its default.';

function problemOf(name: string, value: unknown, types: OptionTypes, args: readonly string[]): string | null {
  const texts = textsOf(name, args);
  if (typeof value === 'string' && value.trim() === '') return `a value, ${EMPTY.slice(0, -1)}`;
  if (texts.some((text) => text?.trim() === '')) return `a value, ${EMPTY.slice(0, -1)}`;
  if (Array.isArray(value) && !types.array.includes(name))
    return `one value, got ${value.length}: ${value.join(', ')}`;
  if (value === false && !types.boolean.includes(name) && !CAN_BE_NONE.includes(name))
    return `a value, got --no-${name}`;
  if (types.number.includes(name) && typeof value === 'number' && Number.isNaN(value))
    return `a number, got "${texts[0] ?? value}"`;
  return null;
}
