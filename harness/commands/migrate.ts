import type { Argv, CommandModule } from 'yargs';
import { migrateDown, migrateUp, migrationStatus } from '../../target/migrate.ts';
import { OPTIONS } from '../config/options.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { readMarker } from '../postgres/marker.ts';
import { withAdmin } from '../postgres/server.ts';
import { type CommandContext, printJson, withServer } from './command-context.ts';

interface MigrateArguments {
  readonly action: 'up' | 'down' | 'status';
  readonly database: string;
  readonly server?: string;
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
          server: OPTIONS.server,
          json: OPTIONS.json,
        })
        .example(
          '$0 migrate status --database rushhour_run_0123456789ab',
          'which migrations are in',
        ) as unknown as Argv<MigrateArguments>,
    handler: async (args) => {
      await withServer(context, args.server, (server) =>
        withAdmin(server, args.database, async (client) => {
          if (args.action !== 'status' && !(await readMarker(client))) {
            throw new HarnessError(
              'REFUSED',
              `Database "${args.database}" does not carry rushhour's marker: it is not changed.`,
              {
                hint: 'rushhour migrates only databases it has created itself. The SQL is in target/migrations/, to run by hand.',
              },
            );
          }
          try {
            const changed =
              args.action === 'up'
                ? await migrateUp(client)
                : args.action === 'down'
                  ? await migrateDown(client)
                  : [];
            const status = await migrationStatus(client);
            if (args.json) return printJson(context, { changed, status });
            for (const name of changed) context.print(`${args.action} ${name}`);
            for (const { name, applied, appliedAt } of status)
              context.print(`${name}  ${applied ? `applied ${appliedAt ?? ''}` : 'not applied'}`);
          } catch (error) {
            throw new HarnessError('MIGRATION_FAILED', messageOf(error), { cause: error });
          }
        }),
      );
    },
  };
}
