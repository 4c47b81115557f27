import type pg from 'pg';
import type { Argv, CommandModule } from 'yargs';
import { type MigrationState, migrateDown, migrateUp, migrationStatus } from '../../target/migrate.ts';
import { readMigrations } from '../../target/migrations/migration-files.ts';
import { OPTIONS, WRITING_OPTIONS } from '../config/options.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { withOwnDatabase } from '../postgres/own-database.ts';
import type { PreviewRequest } from '../preview/preview.ts';
import { type CommandContext, printJson, withServer } from './command-context.ts';
import { planFirst } from './plan-first.ts';

interface MigrateArguments {
  readonly action: 'up' | 'down' | 'status';
  readonly database: string;
  readonly server?: string;
  readonly allowServer?: string;
  readonly plan?: boolean;
  readonly json: boolean;
}

/** `rushhour migrate`: the performance indexes, in a database of ours such as the one `serve` names. */
export function migrateCommand(context: CommandContext): CommandModule<object, MigrateArguments> {
  return {
    command: 'migrate <action>',
    describe: 'Create, drop or list the performance indexes of a database',
    builder: (line: Argv) =>
      line
        .positional('action', {
          choices: ['up', 'down', 'status'],
          demandOption: true,
          describe: 'What to do',
        })
        .options({
          database: {
            type: 'string',
            requiresArg: true,
            demandOption: true,
            describe: 'Database to migrate, one that rushhour made: `serve` prints its name',
          },
          ...WRITING_OPTIONS,
          json: OPTIONS.json,
        })
        .example(
          '$0 migrate status --database rushhour_run_0123456789ab',
          'which migrations are in',
        ) as unknown as Argv<MigrateArguments>,
    handler: async (args) => {
      if (!(await planFirst(context, args, () => migrationPreview(args)))) return;
      await withServer(
        context,
        args,
        (server) =>
          withOwnDatabase(server, args.database, MIGRATED, async (client) => {
            try {
              const changed = await migrate(client, args.action);
              tellMigrations(context, args, changed, await migrationStatus(client));
            } catch (error) {
              throw new HarnessError('MIGRATION_FAILED', messageOf(error), { cause: error });
            }
          }),
        { keepAbandoned: true },
      );
    },
  };
}

function migrationPreview({ action, database }: MigrateArguments): PreviewRequest {
  const migrations = action === 'down' ? readMigrations().reverse() : readMigrations();
  return {
    verb: `migrate ${action}`,
    database,
    // What is applied, or was never, is passed over.
    steps:
      action === 'status'
        ? []
        : migrations.map(({ name, up, down }) => ({ what: name, text: action === 'up' ? up : down })),
    asks: [],
  };
}

const MIGRATED = {
  undone: 'not migrated',
  hint: 'rushhour migrates only databases it has created itself. The SQL is in target/migrations/, to run by hand.',
};

/** @returns names of the migrations that were applied or taken back */
async function migrate(client: pg.Client, action: MigrateArguments['action']): Promise<string[]> {
  if (action === 'status') return [];
  return action === 'up' ? migrateUp(client) : migrateDown(client);
}

function tellMigrations(
  context: CommandContext,
  { action, json }: MigrateArguments,
  changed: readonly string[],
  status: readonly MigrationState[],
): void {
  if (json) {
    printJson(context, { changed, status });
    return;
  }
  for (const name of changed) context.print(`${action} ${name}`);
  for (const { name, applied, appliedAt } of status)
    context.print(`${name}  ${applied ? `applied ${appliedAt ?? ''}` : 'not applied'}`);
}
