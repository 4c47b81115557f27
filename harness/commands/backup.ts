import path from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { type Backup, backUp } from '../backup/back-up.ts';
import { rowsOf } from '../backup/backup-record.ts';
import { OPTIONS, resultsFolder, WRITING_OPTIONS } from '../config/options.ts';
import { CLONE_STRATEGY } from '../postgres/templates.ts';
import type { PreviewRequest } from '../preview/preview.ts';
import { countOf, formatBytes } from '../quantity.ts';
import { type CommandContext, printJson, withServer } from './command-context.ts';
import { planFirst } from './plan-first.ts';

interface BackupArguments {
  readonly database: string;
  readonly disconnect: boolean;
  readonly dump?: boolean;
  readonly server?: string;
  readonly allowServer?: string;
  readonly plan?: boolean;
  readonly results: string;
  readonly json: boolean;
}

/** `rushhour backup`: a copy of a database of ours that `rushhour restore` brings back, with a digest of its content. */
export function backupCommand(context: CommandContext): CommandModule<object, BackupArguments> {
  return {
    command: 'backup',
    describe: 'Back up a database of ours: a template copy, and a pg_dump where it is installed',
    builder: (line: Argv) =>
      line
        .options({
          database: {
            type: 'string',
            requiresArg: true,
            demandOption: true,
            describe: 'Database to back up, one that rushhour made: `serve` prints its name',
          },
          disconnect: {
            type: 'boolean',
            default: false,
            describe: 'End the sessions in it; without this, a database in use is refused',
          },
          dump: {
            type: 'boolean',
            describe: 'Fail where no pg_dump can be made; --no-dump makes none [default: where pg_dump is]',
          },
          ...WRITING_OPTIONS,
          results: OPTIONS.results,
          json: OPTIONS.json,
        })
        .example('$0 backup --database rushhour_run_0123456789ab', 'a template copy, and a dump if it can be')
        .example(
          '$0 backup --database rushhour_run_0123456789ab --disconnect',
          'while `serve` works in it: its sessions end, its logins wait for the copy',
        ) as unknown as Argv<BackupArguments>,
    handler: async (args) => {
      if (!(await planFirst(context, args, () => backupPreview(args)))) return;
      const backup = await withServer(
        context,
        args,
        (server) =>
          backUp(server, {
            database: args.database,
            disconnect: args.disconnect,
            dump: args.dump === undefined ? 'auto' : args.dump ? 'always' : 'never',
            resultsRoot: resultsFolder(args.results),
            signal: context.signal,
            progress: context.progress,
          }),
        { keepAbandoned: true },
      );
      if (args.json)
        printJson(context, {
          ...backup.record,
          folder: backup.folder,
          endedSessions: backup.endedSessions,
        });
      else for (const line of backupLines(backup)) context.print(line);
    },
  };
}

function backupPreview({ database, disconnect, dump }: BackupArguments): PreviewRequest {
  const sessions = disconnect ? ['the sessions in it to end'] : [];
  return {
    verb: 'backup',
    database,
    steps: [
      {
        what: 'copy it, under another name',
        text: `CREATE DATABASE rushhour_bak_… TEMPLATE "${database}" STRATEGY ${CLONE_STRATEGY};\nALTER DATABASE rushhour_bak_… WITH ALLOW_CONNECTIONS false IS_TEMPLATE true;`,
      },
      ...(dump === false ? [] : [{ what: 'dump the copy, where pg_dump is installed', text: 'pg_dump' }]),
    ],
    asks: sessions,
  };
}

function backupLines({ record, folder, endedSessions }: Backup): string[] {
  const { content, database, dump, template } = record;
  const size = `${countOf(content.tables.length, 'table')}, ${countOf(rowsOf(record), 'row')}`;
  return [
    `${database.name} is backed up: ${size}, ${formatBytes(database.sizeBytes)}`,
    `content   ${content.digest}`,
    `template  ${template.name}${record.server.embedded ? ', in the embedded cluster: `clean` keeps it unless told otherwise' : ''}`,
    dump
      ? `dump      ${path.join(folder, dump.file)}, ${formatBytes(dump.sizeBytes)}`
      : `no dump   ${record.noDumpBecause}`,
    ...(endedSessions > 0 ? [`sessions  ${endedSessions} ended for the copy`] : []),
    `restore   rushhour restore ${record.id} --database ${database.name}`,
  ];
}
