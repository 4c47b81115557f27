import type { Argv, CommandModule } from 'yargs';
import { cacheFolder } from '../cache-folder.ts';
import { OPTIONS, resultsFolder } from '../config/options.ts';
import { type CheckedLine, type CheckStatus, runChecks, worstStatus } from '../doctor/check.ts';
import { doctorChecks } from '../doctor/checks.ts';
import { thisMachine } from '../doctor/machine.ts';
import { EXIT } from '../errors.ts';
import { acquireEmbeddedServer } from '../postgres/embedded-server.ts';
import { type CommandContext, printJson } from './command-context.ts';

interface DoctorArguments {
  readonly fix: boolean;
  readonly results: string;
  readonly json: boolean;
}

const SIGNS: Record<CheckStatus, string> = { ok: '✔', warning: '!', problem: '✖' };

/** `rushhour doctor`: one line a check, with the remedy; `--fix` installs what can be installed. */
export function doctorCommand(context: CommandContext): CommandModule<object, DoctorArguments> {
  return {
    command: 'doctor',
    describe: 'Check this machine; --fix installs what is missing (k6)',
    builder: (line: Argv) =>
      line.options({
        fix: { type: 'boolean', default: false, describe: 'Install what can be installed' },
        results: OPTIONS.results,
        json: OPTIONS.json,
      }) as unknown as Argv<DoctorArguments>,
    handler: async (args) => {
      const checks = doctorChecks(thisMachine(), {
        cacheFolder: cacheFolder(),
        resultsFolder: resultsFolder(args.results),
        startPostgres: tryPostgres,
      });
      let said = 0;
      const lines = await runChecks(checks, {
        fix: args.fix,
        signal: context.signal,
        onLine: (line) => {
          if (!args.json) context.print(describeLine(line));
        },
        onProgress: ({ detail, elapsedMs }) => {
          if (elapsedMs - said < 10_000 && said > 0) return;
          said = elapsedMs;
          context.progress.note(`  … ${detail} (${Math.round(elapsedMs / 1000)} s)`);
        },
      });
      if (args.json) printJson(context, lines);
      if (worstStatus(lines) === 'problem') context.exitCode = EXIT.failure;
    },
  };
}

function describeLine(line: CheckedLine): string {
  const text = `${SIGNS[line.status]} ${line.label.padEnd(15)} ${line.detail}`;
  return line.remedy ? `${text}\n${' '.repeat(18)}→ ${line.remedy}` : text;
}

async function tryPostgres(): Promise<string> {
  const server = await acquireEmbeddedServer();
  await server.release();
  return `PostgreSQL ${server.version}`;
}
