import type { Argv, CommandModule } from 'yargs';
import {
  DATASET_OPTIONS,
  type DatasetArguments,
  datasetShape,
  OPTIONS,
  TARGET_OPTIONS,
  WRITING_OPTIONS,
} from '../config/options.ts';
import { chooseTarget, type TargetArguments } from './choose-target.ts';
import { type CommandContext, printJson, withServer } from './command-context.ts';
import { planFirst } from './plan-first.ts';

interface SeedArguments extends DatasetArguments, TargetArguments {
  readonly variant?: string;
  readonly server?: string;
  readonly allowServer?: string;
  readonly plan?: boolean;
  readonly json: boolean;
}

/** `rushhour seed`: streams a dataset into a template that runs are cloned from. */
export function seedCommand(context: CommandContext): CommandModule<object, SeedArguments> {
  return {
    command: 'seed',
    describe: 'Stream a dataset into PostgreSQL by COPY',
    builder: (line: Argv) =>
      line
        .options({
          variant: {
            type: 'string',
            requiresArg: true,
            describe: 'The dataset as this variant has it: with its migration. Default: the first, baseline',
          },
          ...DATASET_OPTIONS,
          ...TARGET_OPTIONS,
          ...WRITING_OPTIONS,
          json: OPTIONS.json,
        })
        .example('$0 seed --profile stress', '1000 open bookings a day, a million past ones')
        .example(
          '$0 seed --bookings 300 --drivers 80',
          'the load profile with other numbers',
        ) as Argv<SeedArguments>,
    handler: async (args) => {
      const target = await chooseTarget(context, args);
      const variant = target.variantName(args.variant ?? target.variants[0] ?? '');
      const shape = datasetShape(args, 'load');
      const asks = ['nothing of a service'];
      const datasets = { target, variants: [variant], shape };
      if (!(await planFirst(context, args, () => ({ verb: 'seed', datasets, asks })))) return;
      await withServer(context, args, async (server) => {
        const startedMs = performance.now();
        const dataset = await context.progress.step(`Dataset ${shape.profile}`, (update) =>
          target.prepareDataset(server, {
            ...{ variant, shape },
            ...{ signal: context.signal, onProgress: update },
          }),
        );
        const seconds = (performance.now() - startedMs) / 1000;
        const rows = Object.values(dataset.identity.rows).reduce((sum, count) => sum + count, 0);
        if (args.json) {
          printJson(context, {
            ...dataset.identity,
            template: dataset.template,
            built: dataset.built,
            seconds,
          });
          return;
        }
        for (const [table, count] of Object.entries(dataset.identity.rows)) {
          context.print(`${table.padEnd(14)} ${count.toLocaleString('en').padStart(12)} rows`);
        }
        context.print(`digest         ${dataset.identity.digest}`);
        context.print(
          dataset.built
            ? `${rows.toLocaleString('en')} rows in ${seconds.toFixed(1)} s, ${Math.round(rows / seconds).toLocaleString('en')} rows/s with constraints, statistics and all`
            : 'already there, nothing was done',
        );
      });
    },
  };
}
