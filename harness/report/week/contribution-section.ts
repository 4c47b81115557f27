import { formatChange, formatChangeInterval } from '../../change.ts';
import { formatCount, formatDuration, formatShare } from '../../quantity.ts';
import type { Contributions } from '../../week-record.ts';
import type { Chart } from '../charts/chart.ts';
import { blocks, type Section, type Table, table, variantCell } from '../view/blocks.ts';
import { factorRange, orderSentence } from './order-words.ts';
import { section } from './week-section.ts';

const TIME = { unit: 'ms', higherIsBetter: false };

/** What each step contributed, in every order that was measured. */
export function contributionSection(contributions: Contributions | null, chart: Chart | null): Section {
  return section('contributions', 'What each step contributed', {
    lead: contributions === null ? null : orderSentence(contributions),
    blocks: blocks(
      chart && { kind: 'chart', chart },
      contributions && shareTable(contributions),
      contributions && orderTable(contributions),
    ),
    missing: 'The steps were not measured one by one.',
  });
}

function shareTable({ shares, orders }: Contributions): Table | null {
  return table(
    'Share of each step in the whole change',
    ['Step', 'At the least', 'At the most', 'Mean of the orders', 'Effect on a dispatch'],
    shares.map((share) => [
      variantCell(share.switch),
      formatShare(share.least),
      formatShare(share.most),
      formatShare(share.mean),
      factorRange(share),
    ]),
    {
      note: `Shares of the logarithm of the whole change, so that the shares of one order add up to 100 %; over ${formatCount(orders.length)} orders that were measured.`,
    },
  );
}

/** Orders up to which their table stands open. */
const MOST_OPEN = 2;

function orderTable({ orders }: Contributions): Table | null {
  return table(
    'Every order, step by step',
    ['Order', 'Step', 'Dispatch', 'Change', 'Interval', 'Queries saved'],
    orders.flatMap(({ switches, steps }, index) =>
      steps.map((step, place) => [
        place === 0 ? `${index + 1}: ${switches.join(', ')}` : '',
        variantCell(step.switch),
        `${formatDuration(step.beforeMs)} → ${formatDuration(step.afterMs)}`,
        formatChange(step.ratio, TIME),
        step.low === null || step.high === null
          ? 'too few pairs'
          : formatChangeInterval(step.low, step.high, TIME),
        step.queriesSaved === null ? '–' : formatCount(step.queriesSaved),
      ]),
    ),
    { numericFrom: 2, textColumns: [4], folded: orders.length > MOST_OPEN },
  );
}
