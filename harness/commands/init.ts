import { lstat, open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { OPTIONS } from '../config/options.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { type Questioner, questionerOn } from '../init/ask-person.ts';
import { askService } from '../init/ask-service.ts';
import type { WrittenConfig } from '../init/config-tree.ts';
import { readDatabase } from '../init/read-catalogue.ts';
import { dumpSchema } from '../init/schema-dump.ts';
import { typesLocation } from '../init/types-location.ts';
import { type LookedAt, writeConfig } from '../init/write-config.ts';
import { countOf } from '../quantity.ts';
import { type CommandContext, printJson } from './command-context.ts';

interface InitArguments {
  readonly url?: string;
  readonly database?: string;
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
          database: {
            type: 'string',
            requiresArg: true,
            describe: `postgres:// URL of its database, which is only read; better by the variable ${DATABASE_VARIABLE}, which nobody sees`,
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
          '$0 init --name shop --output shop.config.ts',
          'where nobody can be asked: a config of TODOs',
        ) as unknown as Argv<InitArguments>,
    handler: async (args) => {
      const output = path.resolve(args.output);
      const folder = path.dirname(output);
      const schemaOutput = path.join(folder, SCHEMA_FILE);
      if (!args.force)
        for (const file of [output, ...(args.schema ? [schemaOutput] : [])]) await refuseExisting(file);
      const wanted = await whatToLookAt(args, context);
      const { schemaSql, lookedAt } = await lookAt(wanted, args.schema, context);
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
  return { name: checkedName(args.name), url: args.url ?? null, databaseUrl: databaseUrl || null };
}

async function askFor(
  given: { readonly name?: string; readonly url?: string; readonly database?: string | undefined },
  questions: Questioner,
): Promise<Wanted> {
  const folder = path
    .basename(process.cwd())
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  const name = given.name ?? (await questions.ask('Name of the target', folder || 'target'));
  checkedName(name);
  const url = given.url ?? (await questions.ask('Base URL of the running service', 'none'));
  const databaseUrl = given.database ?? (await questions.askSecret('postgres:// URL of its database'));
  return { name, url: url === 'none' ? null : url, databaseUrl: databaseUrl || null };
}

function checkedName(name: string): string {
  if (/^[a-z\d]+(-[a-z\d]+)*$/.test(name)) return name;
  throw new HarnessError('BAD_OPTION', `--name: expected small letters, digits and dashes, got '${name}'.`);
}

async function lookAt(
  { name, url, databaseUrl }: Wanted,
  withSchema: boolean,
  { progress, signal }: CommandContext,
): Promise<{ schemaSql: string | null; lookedAt: Omit<LookedAt, 'typesFrom'> }> {
  const service = url === null ? null : await progress.step('Service', () => askService(url, signal));
  const database =
    databaseUrl === null ? null : await progress.step('Database', () => readDatabase(databaseUrl, signal));
  let schemaSql: string | null = null;
  if (withSchema && database && databaseUrl !== null) {
    const { serverVersion } = database;
    const dump = await progress.step('Schema', () => dumpSchema(databaseUrl, { serverVersion, signal }));
    if ('sql' in dump) schemaSql = dump.sql;
    else progress.note(`  ${SCHEMA_FILE} is not written: ${dump.missing}`);
  }
  const schemaFile = schemaSql === null ? null : SCHEMA_FILE;
  return { schemaSql, lookedAt: { name, service, database, schemaFile } };
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
