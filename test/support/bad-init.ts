/** What `init` cannot work with. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT } from '../../harness/errors.ts';
import type { BadInput } from './bad-input.ts';

export const BAD_INIT: readonly BadInput[] = [
  {
    what: 'no name, and nobody who can be asked for one',
    args: ['init'],
    message:
      '--name: expected what the target is called in results, got nothing, and there is nobody to ask.',
    hint: 'Add --name NAME: small letters, digits and dashes.',
  },
  {
    what: 'a name that is none',
    args: ['init', '--name', 'My Shop'],
    message: "--name: expected small letters, digits and dashes, got 'My Shop'.",
    hint: '`rushhour init --help` lists what it takes.',
  },
  {
    what: 'a service by a URL that is none of HTTP',
    args: ['init', '--name', 'shop', '--url', 'ftp://127.0.0.1'],
    message: '--url: expected a URL like http://127.0.0.1:8000, got one that begins with ftp:.',
    hint: '`rushhour init --help` lists what it takes.',
  },
  {
    what: 'a service that does not answer',
    args: ['init', '--name', 'shop', '--url', 'http://127.0.0.1:9'],
    message: '--url: nothing answers at http://127.0.0.1:9 within 5 s.',
    hint: 'Start the service first; or leave --url out, and fill in by hand what it would have told.',
  },
  {
    what: 'a database to look at that is not there',
    args: ['init', '--name', 'shop', '--database', 'postgres://me:hunter2@127.0.0.1:9/x'],
    exit: EXIT.failure,
    message: 'postgres://me@127.0.0.1:9/x cannot be read: connect ECONNREFUSED 127.0.0.1:9.',
    hint: 'Check that it runs and that the role may log in; or leave the database out, and fill in by hand what it would have told.',
  },
  {
    what: 'a database to look at that is no PostgreSQL',
    args: ['init', '--name', 'shop', '--database', 'mysql://me:hunter2@127.0.0.1/x'],
    message:
      'The database: expected a URL like postgres://user@host:5432/name, got one that begins with mysql://.',
    hint: 'Give it by RUSHHOUR_INIT_DATABASE_URL, or let init ask for it, so that no password is seen.',
  },
  {
    what: 'a description of an API that is not there',
    args: ['init', '--name', 'shop', '--openapi-file', 'api.json'],
    message:
      '--openapi-file: expected an OpenAPI 3 document in JSON, got {folder}/api.json, which is not there.',
    hint: 'Many services write theirs: FastAPI by app.openapi(), others at /openapi.json.',
  },
  {
    what: 'a description of an API that is none',
    args: ['init', '--name', 'shop', '--openapi-file', 'api.json'],
    files: (folder) => writeFile(path.join(folder, 'api.json'), '{"swagger": "2.0"}'),
    message: '--openapi-file: expected an OpenAPI 3 document in JSON, got {folder}/api.json, which is none.',
    hint: 'Many services write theirs: FastAPI by app.openapi(), others at /openapi.json.',
  },
  {
    what: 'a file of SQL that is not there',
    args: ['init', '--name', 'shop', '--schema-file', 'schema.sql'],
    message: '--schema-file: expected a file of SQL, got {folder}/schema.sql, which is not there.',
    hint: 'Give what makes the empty schema; `pg_dump --schema-only` writes it from a database.',
  },
  {
    what: 'a schema to read and to write',
    args: ['init', '--name', 'shop', '--schema-file', 'schema.sql', '--schema'],
    message: '--schema and --schema-file: expected one of them, got both.',
    hint: '--schema writes the file that --schema-file reads.',
  },
];
