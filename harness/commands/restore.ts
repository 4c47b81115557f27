import type { Argv, CommandModule } from 'yargs';
import { rowsOf } from '../backup/backup-record.ts';
import { type Restored, restore } from '../backup/restore.ts';
import { chooseBackup, findBackups, type StoredBackup } from '../backup/stored-backups.ts';
import { OPTIONS, resultsFolder, SERVER_OPTIONS } from '../config/options.ts';
import { HarnessError } from '../errors.ts';
import { countOf, formatBytes, formatInstant } from '../quantity.ts';
import { type CommandContext, printJson, withServer } from './command-context.ts';

interface RestoreArguments {
  readonly backup?: string;
  readonly database?: string;
  readonly from?: 'template' | 'dump';
  readonly disconnect: boolean;
  readonly dropOld: boolean;
  readonly server?: string;
  readonly allowServer?: string;
  readonly results: string;
  readonly json: boolean;
}

/** `rushhour restore`: brings a backup back, verified; without an id, the list of backups. */
export function restoreCommand(context: CommandContext): CommandModule<object, RestoreArguments> {
  return {
    command: 'restore [backup]',
    describe: 'Bring a backup back, verified by its digest; without an id, the list of backups',
    builder: (line: Argv) =>
      line
        .positional('backup', { type: 'string', describe: 'Id, beginning of one, template, or `last`' })
        .options({
          database: {
            type: 'string',
            requiresArg: true,
            describe: 'Database to replace, the one that was backed up; or the name of a new one',
          },
          from: {
            choices: ['template', 'dump'],
            requiresArg: true,
            describe: 'What to restore from [default: the template where it is there, else the dump]',
          },
          disconnect: {
            type: 'boolean',
            default: false,
            describe:
              'End the sessions in the database that is replaced; without this, one in use is refused',
          },
          'drop-old': {
            type: 'boolean',
            default: false,
            describe: 'Drop the database that was replaced; without this it stays as …_before_restore_TIME',
          },
          ...SERVER_OPTIONS,
          results: OPTIONS.results,
          json: OPTIONS.json,
        })
        .example('$0 restore', 'the backups there are, with age, size and digest')
        .example('$0 restore last --database rushhour_run_0123456789ab', 'replace it by its newest backup')
        .example(
          '$0 restore 20261125-2349 --database rushhour_copy',
          'a new database beside it; nothing is replaced',
        ) as unknown as Argv<RestoreArguments>,
    handler: async (args) => {
      const wanted = readRequest(args);
      await withServer(
        context,
        args,
        async (server) => {
          const backups = await findBackups(server, resultsFolder(args.results));
          if (wanted === null) {
            if (args.json) printJson(context, backups);
            else listBackups(context, backups);
            return;
          }
          const restored = await restore(server, {
            backup: chooseBackup(backups, wanted.backup),
            database: wanted.database,
            from: args.from,
            disconnect: args.disconnect,
            dropOld: args.dropOld,
            signal: context.signal,
            progress: context.progress,
          });
          if (args.json) printJson(context, restored);
          else for (const line of restoredLines(restored)) context.print(line);
        },
        { keepAbandoned: true },
      );
    },
  };
}

/**
 * What to restore where; `null` asks for the list. Replacing a database needs its name, typed for this very command.
 * @throws HarnessError BAD_OPTION when one of the two is missing
 */
function readRequest({ backup, database }: RestoreArguments): { backup: string; database: string } | null {
  if (backup !== undefined && database !== undefined) return { backup, database };
  if (backup === undefined && database === undefined) return null;
  if (backup === undefined) {
    throw new HarnessError('BAD_OPTION', 'Expected the backup to restore, got only --database.', {
      hint: '`rushhour restore` lists the backups; `last` is the newest.',
    });
  }
  throw new HarnessError('BAD_OPTION', '--database is missing: a restore replaces the database it names.', {
    hint: 'Name the database that was backed up, or a new one such as rushhour_copy.',
  });
}

function listBackups(context: CommandContext, backups: readonly StoredBackup[]): void {
  if (backups.length === 0) context.print('No backups here. `rushhour backup --database NAME` makes one.');
  for (const { record, template, dump } of backups) {
    const { content, database, id } = record;
    context.print(`${id}  ${database.name}`);
    context.print(
      `  ${formatInstant(record.createdAt)}, ${age(record.createdAt)} old · ${formatBytes(database.sizeBytes)}, ${countOf(rowsOf(record), 'row')} · content ${content.digest.slice(0, 12)} · template ${template} · dump ${dump}`,
    );
  }
}

function restoredLines(restored: Restored): string[] {
  const { content, definitionsCompared } = restored;
  const rows = content.tables.reduce((sum, table) => sum + table.rows, 0);
  const same =
    definitionsCompared === true
      ? 'rows, content and definitions are as backed up'
      : `rows and content are as backed up; definitions were not compared (${definitionsCompared})`;
  return [
    `${restored.database} is restored from the ${restored.from}: ${countOf(content.tables.length, 'table')}, ${countOf(rows, 'row')}; ${same}`,
    `content   ${content.content}`,
    ...(restored.keptAs === null ? [] : [`before    kept as ${restored.keptAs}`]),
    ...(restored.endedSessions > 0 ? [`sessions  ${restored.endedSessions} ended for the exchange`] : []),
    ...restored.notes.map((note) => `not done  ${note}`),
  ];
}

/** "3 days", "5 h", "12 min" */
function age(iso: string): string {
  const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(iso)) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
