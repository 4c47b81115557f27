/** What is wrong with a command line, in the tool's own words: the parser names neither where nor what was expected. Pure. */
import { HarnessError } from '../errors.ts';

/** @param args the command line without node and script */
export function usageError(message: string, args: readonly string[]): HarnessError {
  const [unknown] = namesOfUnknown(message) ?? [];
  const known = /^Did you mean/.test(message) || unknown === args[0] ? [] : args;
  return new HarnessError('BAD_OPTION', inOwnWords(message, args), { hint: helpHint(known) });
}

/** Where to read what a command line may hold: the help of its verb, if it has one. */
export function helpHint(args: readonly string[]): string {
  const verb = verbOf(args);
  return verb === null
    ? '`rushhour --help` lists the verbs, `rushhour <verb> --help` their options.'
    : `\`rushhour ${verb} --help\` lists what it takes.`;
}

/** How a person writes an argument: `--pairs`, or `<scenario>` for one that is known by its place. */
export function argumentName(name: string, args: readonly string[]): string {
  return PLACES.has(name) && !args.some((arg) => isFlag(arg, name)) ? `<${name}>` : `--${name}`;
}

/** What a person has written after a flag, each time it was given; nothing is `null`. */
export function textsOf(name: string, args: readonly string[]): (string | null)[] {
  return args.flatMap((arg, index) => {
    if (arg.startsWith(`--${name}=`)) return [arg.slice(name.length + 3)];
    return arg === `--${name}` ? [args[index + 1] ?? null] : [];
  });
}

/** Arguments that are known by their place. */
const PLACES = new Set(['scenario', 'action', 'id', 'a', 'b', 'backup']);

function isFlag(arg: string, name: string): boolean {
  return arg === `--${name}` || arg.startsWith(`--${name}=`);
}

/** The verb, in front of all; `null` when the first argument is none. */
function verbOf(args: readonly string[]): string | null {
  const [first] = args;
  return first === undefined || first.startsWith('-') ? null : first;
}

function inOwnWords(message: string, args: readonly string[]): string {
  const verb = verbOf(args);
  const where = verb === null ? 'rushhour' : `rushhour ${verb}`;
  const unknown = namesOfUnknown(message);
  if (unknown !== null) return unknownWords(unknown, where, args);
  const [, meant] = /^Did you mean (.*)\?$/.exec(message) ?? [];
  if (meant !== undefined) return `Unknown verb "${args[0]}". Did you mean ${meant}?`;
  const [, got, needed] =
    /^Not enough non-option arguments: got (\d+), need at least (\d+)$/.exec(message) ?? [];
  if (needed !== undefined)
    return `${where}: expected ${needed} argument${needed === '1' ? '' : 's'}, got ${got}.`;
  const [, missing] = /^Missing required arguments?: (.*)$/.exec(message) ?? [];
  if (missing !== undefined) return `${where}: expected --${missing}, which is missing.`;
  const [, empty] = /^Not enough arguments following: (.*)$/.exec(message) ?? [];
  if (empty !== undefined) return `--${empty}: expected a value, got none.`;
  const [, one, other] = /^Arguments (.*) and (.*) are mutually exclusive$/.exec(message) ?? [];
  if (one !== undefined) return `--${one} and --${other}: expected one of them, got both.`;
  if (message.startsWith('Invalid values:')) return choiceWords(message, args);
  return message;
}

function namesOfUnknown(message: string): string[] | null {
  return /^Unknown (?:argument|command)s?: (.*)$/.exec(message)?.[1]?.split(', ') ?? null;
}

function unknownWords(names: readonly string[], where: string, args: readonly string[]): string {
  if (names[0] === args[0]) return `Unknown verb "${args[0]}".`;
  const typed = names.map((name) => `"${args.some((arg) => isFlag(arg, name)) ? '--' : ''}${name}"`);
  return `${where}: unknown argument${names.length === 1 ? '' : 's'} ${typed.join(', ')}.`;
}

/** Lines such as `  Argument: mode, Given: "quick", Choices: "count", "pair"`. */
function choiceWords(message: string, args: readonly string[]): string {
  const lines = message.matchAll(/^ +Argument: (.*?), Given: (.*), Choices: (.*)$/gm);
  return [...lines]
    .map(([, name = '', given, choices = '']) => {
      const known = choices.replaceAll('"', '');
      return `${argumentName(name, args)}: expected one of ${known}, got ${given}.`;
    })
    .join('\n');
}
