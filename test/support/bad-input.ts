/**
 * Everything that a person can get wrong, with the exact words they then read. Each message says what, where, what was expected and
 * what was got; each hint what to do.
 */
import type { ExitCode } from '../../harness/errors.ts';
import { BAD_INIT } from './bad-init.ts';
import type { Files } from './bad-input-files.ts';
import { BAD_CHOICES, BAD_VALUES, BAD_VERBS } from './bad-options.ts';
import { BAD_HISTORIES, BAD_NAMES, BAD_RESULTS } from './bad-results.ts';
import { BAD_SERVERS } from './bad-servers.ts';

/**
 * One row. In texts `{folder}` is the folder that the command is run in, `{server}` host and port of a PostgreSQL server that is
 * there, and, in arguments alone, `{password}` the password of its role `rushhour`.
 */
export interface BadInput {
  readonly what: string;
  readonly args: readonly string[];
  /** Puts files into the folder before the command is run. */
  readonly files?: Files;
  readonly env?: Readonly<Record<string, string>>;
  readonly message: string;
  readonly hint: string;
  /** Default: 2, wrong usage. */
  readonly exit?: ExitCode;
  /** Why the row is passed over here. */
  readonly skip?: string | false;
}

/** By what is wrong. More rows: a list in a file of its own, and its line here. */
export const BAD_INPUT: Readonly<Record<string, readonly BadInput[]>> = {
  verbs: BAD_VERBS,
  choices: BAD_CHOICES,
  values: BAD_VALUES,
  servers: BAD_SERVERS,
  'a service to look at': BAD_INIT,
  'what is named': BAD_NAMES,
  'result files': BAD_RESULTS,
  histories: BAD_HISTORIES,
};
