/** The schemas of programs and of SQL. */
import { z } from 'zod';
import { chosen, isObject, list, matching, members, named, text } from './schema-words.ts';

const PROGRAM = "a program and its arguments, each a text of its own, such as ['python', 'app.py']";
const SQL = "SQL, or the file it is in, such as { file: 'schema.sql' }";

export const environment = named(
  // A process cannot be given a NUL.
  z.string('a text').refine((given) => !given.includes('\0'), 'a text without NUL'),
  matching(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable'),
  'an object of texts by environment variable',
);

export const command = members(
  {
    command: list(z.string('a text'), PROGRAM).refine(
      ([program]) => typeof program === 'string' && program.trim() !== '',
      PROGRAM,
    ),
    folder: text('a folder').optional(),
    environment: environment.optional(),
  },
  `a program, such as { command: ['python', 'app.py'] }`,
);

export const commands = list(command, 'a list of programs');

const file = members({ file: text('a file of SQL') });
const FILE_NAME = /^\S+\.(sql|ddl)$/i;

export const sqlText = chosen((given) => {
  if (isObject(given)) return file;
  return typeof given === 'string' && given.trim() !== '' && !FILE_NAME.test(given.trim())
    ? z.unknown()
    : SQL;
});

const step = chosen((given) => {
  if (isObject(given)) return 'file' in given ? file : command;
  return typeof given === 'string' ? sqlText : `${SQL}, or a program`;
});

export const steps = list(step, 'a list of steps, SQL or programs');
