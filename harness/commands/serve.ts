import { once } from 'node:events';
import type { Argv, CommandModule } from 'yargs';
import { loginOf, SEED_PASSWORD } from '../../seed/profiles.ts';
import {
  DATASET_OPTIONS,
  type DatasetArguments,
  datasetShape,
  slowdownRatio,
  TARGET_OPTIONS,
  WRITING_OPTIONS,
  wholeNumber,
} from '../config/options.ts';
import { withResources } from '../resources.ts';
import type { Offer } from '../targets/offer.ts';
import { companyDayOf } from '../targets/reference-target.ts';
import type { Target } from '../targets/target.ts';
import { chooseTarget, type TargetArguments } from './choose-target.ts';
import { type CommandContext, withServer } from './command-context.ts';
import { planFirst } from './plan-first.ts';
import { VARIANT_HELP } from './traffic-options.ts';

interface ServeArguments extends DatasetArguments, TargetArguments {
  readonly variant?: string;
  readonly port: number;
  readonly injectSlowdown?: string;
  readonly server?: string;
  readonly allowServer?: string;
  readonly plan?: boolean;
}

/** `rushhour serve`: a service in one variant on a clone of a dataset, until Ctrl-C. */
export function serveCommand(context: CommandContext): CommandModule<object, ServeArguments> {
  return {
    command: 'serve',
    describe: 'Run the service in a variant on a database of its own, until Ctrl-C',
    builder: (line: Argv) =>
      line
        .options({
          variant: {
            type: 'string',
            requiresArg: true,
            describe: `${VARIANT_HELP}. Default: the last, optimised`,
          },
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
          ...TARGET_OPTIONS,
          ...WRITING_OPTIONS,
        })
        .example(
          '$0 serve --variant baseline --profile smoke',
          'the slow service on a small dataset',
        ) as unknown as Argv<ServeArguments>,
    handler: async (args) => {
      const shape = datasetShape(args, 'smoke');
      const target = await chooseTarget(context, args);
      const variant = target.variantName(args.variant ?? target.variants.at(-1) ?? '');
      const port = wholeNumber('--port', args.port, 0, 65_535);
      const injectedSlowdownRatio =
        args.injectSlowdown === undefined ? 0 : slowdownRatio(args.injectSlowdown);
      const preview = {
        verb: 'serve',
        datasets: { target, variants: [variant], shape },
        clones: 'one clone, dropped when it ends',
        asks: ['what you ask of it; the service runs until Ctrl-C'],
      };
      if (!(await planFirst(context, args, () => preview))) return;
      await withServer(context, args, (server) =>
        withResources(async (onRelease) => {
          const { signal } = context;
          const dataset = await context.progress.step(`Dataset ${shape.profile}`, (update) =>
            target.prepareDataset(server, { variant, shape, signal, onProgress: update }),
          );
          const databaseName = target.newDatabaseName(variant);
          const { template } = dataset;
          const clone = await target.openDatabase({ server, template, variant, databaseName, signal });
          onRelease(clone.drop);
          const service = await target.startService({
            variant,
            databaseUrl: server.serviceUrl(clone.name),
            injectedSlowdownRatio,
            ...(port === 0 ? {} : { port }),
            signal,
            onMessage: (text) => context.progress.note(text),
          });
          onRelease(service.stop);
          context.print(`${variant} at ${service.baseUrl}`);
          const [first] = dataset.offers;
          if (first) context.print(firstStep(target, first));
          context.print(`database ${clone.name}; Ctrl-C stops it and drops the database.`);
          if (!context.signal.aborted) await once(context.signal, 'abort');
        }),
      );
    },
  };
}

/** What somebody who looks at the service by hand wants to know. */
function firstStep({ name }: Target, offer: Offer): string {
  if (name !== 'reference') return `the first that there is to dispatch: ${JSON.stringify(offer.values)}`;
  const { companyId, day } = companyDayOf(offer);
  return `log in as ${loginOf(companyId).email} with password ${SEED_PASSWORD}; first open day ${day}`;
}
