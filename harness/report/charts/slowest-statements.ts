import { countOf, formatDuration, formatShare } from '../../quantity.ts';
import type { ProfileFact } from '../../week-record.ts';
import type { Chart } from './chart.ts';
import { contextLine } from './context.ts';
import { barsUnderLabels } from './statement-bars.ts';
import { statementLabel } from './statement-label.ts';
import { themed } from './theme.ts';

type Slowest = ProfileFact['slowest'][number];
type Timed = Slowest & { readonly msPerDispatch: number };

/** The statements of a dispatch that take most time. `null` when no time was measured. */
export function slowestStatementsChart({ slowest, variant }: ProfileFact, context: string): Chart | null {
  const timed = slowest
    .filter((one): one is Timed => one.msPerDispatch !== null)
    .toSorted((a, b) => b.msPerDispatch - a.msPerDispatch);
  const [first] = timed;
  if (first === undefined) return null;
  const share =
    first.timeShare === null ? '' : `, ${formatShare(first.timeShare)} of the time of all statements`;
  return {
    name: 'slowest-statements',
    finding: `${statementLabel(first.statement, 60)} takes ${formatDuration(first.msPerDispatch)} of a dispatch${share}`,
    context: contextLine(variant, context),
    reading: `The ${countOf(timed.length, 'statement')} that take most time in a dispatch, all calls together.`,
    draw: (widthPx) =>
      themed(
        widthPx,
        barsUnderLabels(
          'Time a dispatch',
          timed.map(({ statement, msPerDispatch }) => ({
            text: statement,
            amount: msPerDispatch,
            unit: 'ms',
          })),
          widthPx - 40,
        ),
      ),
  };
}
