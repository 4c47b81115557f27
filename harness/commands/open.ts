import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import type { Argv, CommandModule } from 'yargs';
import { OPTIONS, resultsFolder, wholeNumber } from '../config/options.ts';
import { type ResultsServer, serveResults } from '../live/results-server.ts';
import { type ResultsState, watchResults } from '../live/results-watch.ts';
import { withResources } from '../resources.ts';
import { type BuiltSite, buildSite } from '../site/build-site.ts';
import { bundleScript } from '../site/bundle-scripts.ts';
import { readResult } from '../store/read-results.ts';
import { makeFolder } from '../store/writing.ts';
import { type CommandContext, printJson } from './command-context.ts';
import { SHOWN_HISTORY, shownHistory } from './shown-history.ts';

interface OpenArguments {
  readonly id?: string;
  readonly port: number;
  readonly browser: boolean;
  readonly results: string;
  readonly history?: string;
  readonly json: boolean;
}

/** `rushhour open`: the results in a browser, live while something is measured. */
export function openCommand(context: CommandContext): CommandModule<object, OpenArguments> {
  return {
    command: 'open [id]',
    describe: 'Show the results in a browser, live while a run goes; serves this machine only, until Ctrl-C',
    builder: (line: Argv) =>
      line
        .positional('id', { type: 'string', describe: 'Id, beginning of one, folder, or `last`' })
        .options({
          port: {
            type: 'number',
            requiresArg: true,
            default: 0,
            describe: 'Port on 127.0.0.1; 0: any free one',
          },
          browser: { type: 'boolean', default: true, describe: 'Open the browser; --no-browser only serves' },
          results: OPTIONS.results,
          history: SHOWN_HISTORY,
          json: OPTIONS.json,
        })
        .example('$0 open', 'the list of all results, and what is measured now')
        .example(
          '$0 open last --no-browser',
          'prints the address of the newest report',
        ) as unknown as Argv<OpenArguments>,
    handler: async (args) => {
      const port = wholeNumber('--port', args.port, 0, 65_535);
      const root = resultsFolder(args.results);
      const id = args.id === undefined ? null : (await readResult(root, args.id)).id;
      const historyFile = await shownHistory(context, args.history);
      await makeFolder(root);
      const build = () => buildSite({ resultsRoot: root, historyFile, signal: context.signal });
      await withResources(async (onRelease) => {
        const script = await bundleScript('live');
        const look = watchResults(root);
        const first = await look();
        const { listed } = await build();
        const place = listed.find((result) => result.id === id)?.href ?? '';
        const server = await serveResults({ resultsRoot: root, port, script });
        onRelease(server.close);
        server.tell(first);
        const url = new URL(place, server.url).href;
        if (args.json) printJson(context, { url });
        else context.print(`Results: ${url}`);
        if (args.browser) openBrowser(context, url);
        await tellChanges(context, { build, server, look, mark: first.mark });
      });
    },
  };
}

const LOOK_EVERY_MS = 1_000;

/** Until Ctrl-C, which is how this ends well. The list is written before a page is told to load it. */
async function tellChanges(
  context: CommandContext,
  watched: {
    build(): Promise<BuiltSite>;
    server: ResultsServer;
    look(): Promise<ResultsState>;
    mark: string;
  },
): Promise<void> {
  let { mark } = watched;
  while (!context.signal.aborted) {
    await sleep(LOOK_EVERY_MS, undefined, { signal: context.signal }).catch(() => {});
    if (context.signal.aborted) return;
    const state = await watched.look();
    if (state.mark !== mark) await watched.build();
    mark = state.mark;
    watched.server.tell(state);
  }
}

/** The program that opens an address on this platform; `null` where there is no screen. */
function opener(): readonly [string, ...string[]] | null {
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? ['xdg-open'] : null;
}

function openBrowser(context: CommandContext, url: string): void {
  const program = opener();
  if (program === null) {
    context.progress.note('  no screen here: open the address in a browser of this machine');
    return;
  }
  const [name, ...args] = program;
  // In a group of its own: Ctrl-C ends the server, not the browser.
  const started = execa(name, [...args, url], {
    stdio: 'ignore',
    detached: true,
    reject: false,
    cleanup: false,
  });
  started.unref();
  started.then(({ failed }) => {
    if (failed) context.progress.note(`  ${name} could not open the browser: open the address yourself`);
  });
}
