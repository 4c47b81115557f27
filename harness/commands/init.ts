import { access, lstat, open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { OPTIONS } from '../config/options.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { type Questioner, questionerOn } from '../init/ask-person.ts';
import { askService } from '../init/ask-service.ts';
import type { WrittenConfig } from '../init/config-tree.ts';
import { readDatabase } from '../init/read-catalogue.ts';
import { readOpenApiFile, unreadable } from '../init/read-openapi-file.ts';
import { readSchemaFile } from '../init/read-schema-file.ts';
import { dumpSchema } from '../init/schema-dump.ts';
import { typesLocation } from '../init/types-location.ts';
import { type LookedAt, writeConfig } from '../init/write-config.ts';
import { countOf } from '../quantity.ts';
import { type CommandContext, printJson, withServer } from './command-context.ts';

interface InitArguments {
  readonly url?: string;
  readonly openapiFile?: string;
  readonly database?: string;
  readonly schemaFile?: string;
  readonly name?: string;
  readonly output: string;
  readonly schema: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

/** By the environment a password is seen by nobody else on the machine. */
const DATABASE_VARIABLE = 'RUSHHOUR_INIT_DATABASE_URL';
const SCHEMA_FILE = 'schema.sql';

/** `rushhour init`: looks at a service and its database, changes neither, and writes a config with a TODO where it is not sure. */
export function initCommand(context: CommandContext): CommandModule<object, InitArguments> {
  return {
    command: 'init',
    describe: 'Look at a service and its database, and write a rushhour.config.ts for it; changes neither',
    builder: (line: Argv) =>
      line
        .options({
          url: {
            type: 'string',
            requiresArg: true,
            describe: 'Base URL of the running service: GET requests alone are sent to it',
          },
          'openapi-file': {
            type: 'string',
            requiresArg: true,
            conflicts: 'url',
            describe: 'OpenAPI 3 document of the service, in JSON, where it does not run',
          },
          database: {
            type: 'string',
            requiresArg: true,
            describe: `postgres:// URL of its database, which is only read; better by the variable ${DATABASE_VARIABLE}, which nobody sees`,
          },
          'schema-file': {
            type: 'string',
            requiresArg: true,
            conflicts: 'database',
            describe:
              'SQL that makes the empty schema, where no database has it: run once in the embedded server, and named in the config',
          },
          name: { type: 'string', requiresArg: true, describe: 'What the target is called in results' },
          output: {
            type: 'string',
            requiresArg: true,
            default: 'rushhour.config.ts',
            describe: 'File to write',
          },
          schema: {
            type: 'boolean',
            default: false,
            describe: `Also write ${SCHEMA_FILE} beside it, by pg_dump --schema-only`,
          },
          force: { type: 'boolean', default: false, describe: 'Replace a file that is there' },
          json: OPTIONS.json,
        })
        .example('$0 init --url http://127.0.0.1:8000', 'ask for the rest, then write rushhour.config.ts')
        .example(
          '$0 init --name shop --openapi-file openapi.json --schema-file schema.sql',
          'from files alone: nothing of yours runs',
        )
        .example(
          '$0 init --name shop --output shop.config.ts',
          'where nobody can be asked: a config of TODOs',
        ) as unknown as Argv<InitArguments>,
    handler: async (args) => {
      if (args.schema && args.schemaFile !== undefined) throw schemaTwice();
      const output = path.resolve(args.output);
      const folder = path.dirname(output);
      const schemaOutput = path.join(folder, SCHEMA_FILE);
      if (!args.force)
        for (const file of [output, ...(args.schema ? [schemaOutput] : [])]) await refuseExisting(file);
      const wanted = await whatToLookAt(args, context);
      const { schemaSql, lookedAt } = await lookAt(wanted, { folder, withSchema: args.schema }, context);
      const written = writeConfig({ ...lookedAt, typesFrom: typesLocation(folder) });
      if (schemaSql !== null) await writeNew(schemaOutput, schemaSql, args.force);
      await writeNew(output, written.text, args.force);
      tell(context, args, written);
    },
  };
}

interface Wanted {
  readonly name: string;
  readonly url: string | null;
  readonly databaseUrl: string | null;
  /** Instead of the service; absolute. */
  readonly openapiFile: string | null;
  /** Instead of the database; absolute. */
  readonly schemaFile: string | null;
}

/** From flags and the environment; on a terminal what is missing is asked for. */
async function whatToLookAt(args: InitArguments, { signal }: CommandContext): Promise<Wanted> {
  const databaseUrl = args.database ?? process.env[DATABASE_VARIABLE];
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true && !args.json;
  if (isTerminal)
    return askFor({ ...args, database: databaseUrl }, questionerOn(process.stdin, process.stderr, signal));
  if (args.name === undefined)
    throw new HarnessError(
      'BAD_OPTION',
      '--name: expected what the target is called in results, got nothing, and there is nobody to ask.',
      {
        hint: 'Add --name NAME: small letters, digits and dashes.',
      },
    );
  const name = checkedName(args.name);
  const files = filesOf(args);
  return {
    name,
    url: args.url ?? null,
    databaseUrl: files.schemaFile ? null : databaseUrl || null,
    ...files,
  };
}

function filesOf({ openapiFile, schemaFile }: Pick<InitArguments, 'openapiFile' | 'schemaFile'>) {
  return {
    openapiFile: openapiFile === undefined ? null : path.resolve(openapiFile),
    schemaFile: schemaFile === undefined ? null : path.resolve(schemaFile),
  };
}

/** A file stands for what it describes: that is not asked for. */
async function askFor(
  given: Pick<InitArguments, 'name' | 'url' | 'openapiFile' | 'schemaFile'> & {
    readonly database?: string | undefined;
  },
  questions: Questioner,
): Promise<Wanted> {
  const folder = path
    .basename(process.cwd())
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  const name = given.name ?? (await questions.ask('Name of the target', folder || 'target'));
  checkedName(name);
  const files = filesOf(given);
  const url = files.openapiFile
    ? 'none'
    : (given.url ?? (await questions.ask('Base URL of the running service', 'none')));
  const databaseUrl = files.schemaFile
    ? ''
    : (given.database ?? (await questions.askSecret('postgres:// URL of its database')));
  return { name, url: url === 'none' ? null : url, databaseUrl: databaseUrl || null, ...files };
}

function checkedName(name: string): string {
  if (/^[a-z\d]+(-[a-z\d]+)*$/.test(name)) return name;
  throw new HarnessError('BAD_OPTION', `--name: expected small letters, digits and dashes, got '${name}'.`);
}

/** @param place where the config goes: files are named as seen from there */
async function lookAt(
  { name, url, databaseUrl, openapiFile, schemaFile: givenSchema }: Wanted,
  place: { readonly folder: string; readonly withSchema: boolean },
  context: CommandContext,
): Promise<{ schemaSql: string | null; lookedAt: Omit<LookedAt, 'typesFrom'> }> {
  const { progress, signal } = context;
  if (givenSchema !== null) await requireSchemaFile(givenSchema);
  const service =
    openapiFile !== null
      ? await readOpenApiFile(openapiFile)
      : url === null
        ? null
        : await progress.step('Service', () => askService(url, signal));
  if (givenSchema !== null) {
    const database = await withServer(context, {}, (server) =>
      progress.step('Schema', () => readSchemaFile(server, givenSchema, signal)),
    );
    const schemaFile = path.relative(place.folder, givenSchema).split(path.sep).join('/');
    return { schemaSql: null, lookedAt: { name, service, database, schemaFile } };
  }
  const database =
    databaseUrl === null ? null : await progress.step('Database', () => readDatabase(databaseUrl, signal));
  let schemaSql: string | null = null;
  if (place.withSchema && database && databaseUrl !== null) {
    const { serverVersion } = database;
    const dump = await progress.step('Schema', () => dumpSchema(databaseUrl, { serverVersion, signal }));
    if ('sql' in dump) schemaSql = dump.sql;
    else progress.note(`  ${SCHEMA_FILE} is not written: ${dump.missing}`);
  }
  const schemaFile = schemaSql === null ? null : SCHEMA_FILE;
  return { schemaSql, lookedAt: { name, service, database, schemaFile } };
}

function schemaTwice(): HarnessError {
  return new HarnessError('BAD_OPTION', '--schema and --schema-file: expected one of them, got both.', {
    hint: '--schema writes the file that --schema-file reads.',
  });
}

/** Before a server is started for it. */
async function requireSchemaFile(file: string): Promise<void> {
  await access(file).catch((error: unknown) => {
    throw new HarnessError(
      'BAD_OPTION',
      `--schema-file: expected a file of SQL, got ${file}, ${unreadable(error)}.`,
      {
        cause: error,
        hint: 'Give what makes the empty schema; `pg_dump --schema-only` writes it from a database.',
      },
    );
  });
}

/** Before anything is asked or looked at. */
async function refuseExisting(file: string): Promise<void> {
  if (
    await lstat(file).then(
      () => true,
      () => false,
    )
  )
    throw existing(file);
}

function existing(file: string): HarnessError {
  return new HarnessError('REFUSED', `${file} is there already. Nothing was written.`, {
    hint: 'Write another one with --output, or replace it with --force.',
  });
}

async function writeNew(file: string, text: string, force: boolean): Promise<void> {
  try {
    if (force) return await writeFile(file, text);
    const handle = await open(file, 'wx'); // a file that came meanwhile stays as it is
    await handle.writeFile(text).finally(() => handle.close());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw existing(file);
    throw new HarnessError('RESULT_WRITE_FAILED', `${file} cannot be written: ${messageOf(error)}.`, {
      cause: error,
      hint: 'Give a file in a folder that is there and may be written to, with --output.',
    });
  }
}

function tell(context: CommandContext, args: InitArguments, { found, todos }: WrittenConfig): void {
  if (args.json) {
    printJson(context, { file: path.resolve(args.output), found, todos });
    return;
  }
  for (const { path: where, what } of found) context.print(`✔ ${where}: ${what}`);
  const file = args.output;
  context.print(
    `${countOf(found.length, 'thing', 'things')} worked out, ${todos.length} left${todos.length > 0 ? ':' : '.'}`,
  );
  for (const { line, path: where, what } of todos) context.print(`  ${file}:${line} ${where}: ${what}`);
  context.print(todos.length > 0 ? 'Next: fill these in, then `rushhour check`' : 'Next: `rushhour check`');
}
