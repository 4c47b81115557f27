import { formatDuration, formatInstant } from '../../quantity.ts';
import type { WeekDay, WeekRecord } from '../../week-record.ts';
import { type Block, blocks, type Section, type Table, table } from '../view/blocks.ts';
import { datasetFacts, environmentFacts } from '../view/origin.ts';
import { section } from './week-section.ts';

/** On what the week was measured. */
export function originSection({ environment, dataset }: WeekRecord): Section {
  return section('environment', 'Where it was measured', {
    blocks: blocks(
      environment && { kind: 'facts', facts: environmentFacts(environment) },
      dataset && { kind: 'facts', facts: datasetFacts(dataset) },
    ),
    missing: 'Not recorded: the week did not get as far as its environment.',
  });
}

/** How to measure the week, or one day of it, again. */
export function againSection(record: WeekRecord, day: WeekDay | null): Section {
  const { plan, id, startedAt, endedAt } = record;
  const quick = plan.mode === 'quick' ? ' --quick' : '';
  const config = plan.target === undefined ? '' : ' --config rushhour.config.ts';
  const whole = `rushhour week${quick}${config}`;
  return {
    id: 'reproduce',
    heading: 'Measure it again',
    lead: 'Counters will come out the same; times depend on the machine and on what else it does.',
    blocks: blocks(
      { kind: 'command', text: whole },
      day === null ? null : { kind: 'command', text: `${whole} --only day${day}` },
      {
        kind: 'facts',
        facts: [
          { name: 'Result', value: id },
          { name: 'Measured', value: `${formatInstant(startedAt)} to ${formatInstant(endedAt)}` },
          { name: 'Pairs of a comparison', value: String(plan.ladder.pairs) },
          { name: 'Variants', value: plan.ladder.variants.join(', ') },
          {
            name: 'Random seed',
            value: `${plan.randomSeed} of the order, ${plan.shape.randomSeed} of the dataset`,
          },
        ],
      } satisfies Block,
      day === null ? taskTable(record) : null,
    ),
  };
}

function taskTable({ tasks }: WeekRecord): Table | null {
  return table(
    'What was done, and how long it took',
    ['Task', 'Days', 'State', 'Time'],
    tasks.map(({ title, days, state, wallMs }) => [
      title,
      days.join(', '),
      state === 'not-run' ? 'not run' : state,
      formatDuration(wallMs),
    ]),
    { numericFrom: 3, folded: true },
  );
}
