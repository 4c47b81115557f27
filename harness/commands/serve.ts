import { once } from 'node:events';
import type { Argv, CommandModule } from 'yargs';
import { companyDays, loginOf, SEED_PASSWORD } from '../../seed/profiles.ts';
import { parseVariant } from '../../target/variants.ts';
import {
  DATASET_OPTIONS,
  type DatasetArguments,
  datasetShape,
  OPTIONS,
  slowdownRatio,
  variantName,
  wholeNumber,
} from '../config/options.ts';
import { prepareDataset } from '../experiment/dataset.ts';
import { cloneTemplate } from '../postgres/templates.ts';
import { withResources } from '../resources.ts';
import { startService } from '../service/service-process.ts';
import { type CommandContext, withServer } from './command-context.ts';
import { VARIANT_HELP } from './traffic-options.ts';

interface ServeArguments extends DatasetArguments {
  readonly variant: string;
  readonly port: number;
  readonly injectSlowdown?: string;
  readonly server?: string;
}

/** `rushhour serve`: the reference service in one variant on a clone of a dataset, until Ctrl-C. */
export function serveCommand(context: CommandContext): CommandModule<object, ServeArguments> {
  return {
    command: 'serve',
    describe: 'Run the reference service in a variant, until Ctrl-C',
    builder: (line: Argv) =>
      line
        .options({
          variant: { type: 'string', requiresArg: true, default: 'optimised', describe: VARIANT_HELP },
          port: {
            type: 'number',
            requiresArg: true,
            default: 8080,
            describe: 'Port on 127.0.0.1; 0 takes a free one',
          },
          'inject-slowdown': {
            type: 'string',
            requiresArg: true,
            describe:
              'Slow every request down by this share of its time, such as 5%, to see whether it is noticed',
          },
          ...DATASET_OPTIONS,
          server: OPTIONS.server,
        })
        .example(
          '$0 serve --variant baseline --profile smoke',
          'the slow service on a small dataset',
        ) as unknown as Argv<ServeArguments>,
    handler: async (args) => {
      const shape = datasetShape(args, 'smoke');
      const variant = variantName(args.variant);
      const port = wholeNumber('--port', args.port, 0, 65_535);
      const injectedSlowdownRatio =
        args.injectSlowdown === undefined ? 0 : slowdownRatio(args.injectSlowdown);
      await withServer(context, args.server, (server) =>
        withResources(async (onRelease) => {
          const { indexes } = parseVariant(variant).switches;
          const dataset = await context.progress.step(`Dataset ${shape.profile}`, (update) =>
            prepareDataset(server, { shape, indexes, signal: context.signal, onProgress: update }),
          );
          const clone = await cloneTemplate(server, dataset.template);
          onRelease(clone.drop);
          const service = await startService({
            variant,
            databaseUrl: server.serviceUrl(clone.name),
            injectedSlowdownRatio,
            ...(port === 0 ? {} : { port }),
            signal: context.signal,
            onStderr: (text) => context.progress.note(text),
          });
          onRelease(service.stop);
          const example = companyDays(shape)[0];
          context.print(`${variant} at ${service.baseUrl}`);
          context.print(
            `log in as ${loginOf(example?.companyId ?? 1).email} with password ${SEED_PASSWORD}; first open day ${example?.day}`,
          );
          context.print(`database ${clone.name}; Ctrl-C stops it and drops the database.`);
          if (!context.signal.aborted) await once(context.signal, 'abort');
        }),
      );
    },
  };
}
