import { formatBytes, formatCount, formatShare, NOT_MEASURED } from '../../quantity.ts';
import type { DatabaseLoad } from '../../result.ts';
import { median } from '../dispatch-summary.ts';
import { type GeneratorName, loadsBy, type PlacedLoad, sumOf } from '../load-summary.ts';
import type { VariantRuns } from '../report-input.ts';
import { type Table, table, variantCell } from './blocks.ts';

function eachLoad<Row>(
  groups: readonly VariantRuns[],
  generators: readonly GeneratorName[],
  row: (variant: string, generator: GeneratorName, loads: PlacedLoad[]) => Row,
): Row[] {
  return generators.flatMap((generator) =>
    groups.flatMap((group) => {
      const loads = loadsBy(group, generator);
      return loads.length === 0 ? [] : [row(group.variant, generator, loads)];
    }),
  );
}

/** Errors, dropped arrivals and the like, over all runs. `null` without a load. */
export function faultTable(
  groups: readonly VariantRuns[],
  generators: readonly GeneratorName[],
): Table | null {
  const fields = [
    'requests',
    'errors',
    'droppedIterations',
    'interruptedIterations',
    'exceptions',
    'mismatches',
  ] as const;
  return table(
    'What went wrong under load, over all runs',
    ['Variant', 'Generator', 'Requests', 'Errors', 'Dropped', 'Interrupted', 'Exceptions', 'Wrong answers'],
    eachLoad(groups, generators, (variant, generator, loads) => [
      variantCell(variant),
      generator,
      ...fields.map((field) => formatCount(sumOf(loads, ({ load }) => load.report[field]))),
    ]),
    {
      numericFrom: 2,
      note: 'Dropped: arrivals that found no free place. Above 0 the latencies are censored.',
    },
  );
}

/** Who used the processor while the load ran. `null` without a load. */
export function cpuTable(groups: readonly VariantRuns[], generators: readonly GeneratorName[]): Table | null {
  const fields = ['postgresMs', 'serviceMs', 'generatorMs', 'harnessMs'] as const;
  return table(
    'Processor time under load, as a share of one core',
    ['Variant', 'Generator', 'PostgreSQL', 'Service', 'Load generator', 'Harness', 'Machine busy', 'Stolen'],
    eachLoad(groups, generators, (variant, generator, loads) => {
      const share = (of: (load: PlacedLoad['load']) => number | null) => {
        const values = loads.flatMap(({ load }) => of(load) ?? []);
        const middle = median(values);
        return middle === null ? NOT_MEASURED : formatShare(middle);
      };
      return [
        variantCell(variant),
        generator,
        ...fields.map((field) =>
          share(({ cpu }) => (cpu[field] === null || cpu.wallMs === 0 ? null : cpu[field] / cpu.wallMs)),
        ),
        share(({ cpu }) => cpu.machineBusyRatio),
        share(({ cpu }) => cpu.stealRatio),
      ];
    }),
    {
      numericFrom: 2,
      note: 'Medians over the runs. Busy and stolen are shares of all cores, whoever used them.',
    },
  );
}

/** What the database did while the load ran. `null` without a load. */
export function databaseTable(
  groups: readonly VariantRuns[],
  generators: readonly GeneratorName[],
): Table | null {
  const counts = [
    'queries',
    'transactions',
    'rowsReturned',
    'deadlocks',
    'checkpoints',
    'autovacuums',
  ] as const;
  return table(
    'The database under load, in one run',
    [
      'Variant',
      'Generator',
      'Queries',
      'Transactions',
      'Rows',
      'Deadlocks',
      'Checkpoints',
      'Autovacuums',
      'WAL',
      'Temporary files',
    ],
    eachLoad(groups, generators, (variant, generator, loads) => {
      const middle = (field: keyof DatabaseLoad, format: (value: number) => string) => {
        const value = median(
          loads.flatMap(({ load }) => (load.database?.[field] as number | null | undefined) ?? []),
        );
        return value === null ? NOT_MEASURED : format(value);
      };
      return [
        variantCell(variant),
        generator,
        ...counts.map((field) => middle(field, formatCount)),
        middle('walBytes', formatBytes),
        middle('temporaryBytes', formatBytes),
      ];
    }),
    { numericFrom: 2, note: 'Medians over the runs.' },
  );
}
