import { createInterface } from 'node:readline/promises';
import { HarnessError } from '../errors.ts';
import { type PostgresServer, useServer } from '../postgres/server.ts';
import { type Preview, type PreviewRequest, previewOf } from '../preview/preview.ts';
import { previewLines } from '../preview/preview-lines.ts';
import { type CommandContext, printJson, type ServerArguments } from './command-context.ts';

export interface PlanArguments extends ServerArguments {
  readonly plan?: boolean;
  readonly json?: boolean;
}

/**
 * Shows first what would be done where that is asked for, and where somebody at a terminal is about to work on a server that is not the
 * tool's own; the latter types its host, or the database that is named. Without a terminal `--server` on the command line is the consent.
 *
 * @returns whether to go on: not after `--plan`
 * @throws HarnessError REFUSED when something else was typed
 */
export async function planFirst(
  context: CommandContext,
  args: PlanArguments,
  request: () => PreviewRequest | Promise<PreviewRequest>,
): Promise<boolean> {
  const asks = args.server !== undefined && process.stdin.isTTY && process.stdout.isTTY;
  if (!args.plan && !asks) return true;
  const server = args.server === undefined ? null : await useServer(args.server);
  const wanted = await request();
  const preview = await previewOf(server, wanted, args.allowServer);
  if (!args.plan) {
    for (const line of previewLines(preview)) context.progress.note(line);
    await confirm(context, namesOf(server, preview, wanted.database));
    return true;
  }
  if (args.json) printJson(context, preview);
  else for (const line of [...previewLines(preview), 'Nothing was done.']) context.print(line);
  return false;
}

/** What may be typed, the first of which is asked for. */
function namesOf(server: PostgresServer | null, preview: Preview, database: string | undefined): string[] {
  const host = server === null ? '' : new URL(server.adminUrl()).host;
  return [...(database === undefined ? [] : [database]), preview.server.host ?? '', host];
}

async function confirm({ signal }: CommandContext, names: readonly string[]): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`Type ${names[0]} to go on: `, { signal });
    if (names.includes(answer.trim())) return;
    throw new HarnessError('REFUSED', `Expected "${names[0]}", got "${answer.trim()}". Nothing was done.`, {
      hint: '--plan shows the same without a question.',
    });
  } finally {
    terminal.close();
  }
}
