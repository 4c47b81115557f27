import { formatChange } from '../change.ts';
import type { NightRecord } from '../night-record.ts';
import { countOf, formatInstant, shorten } from '../quantity.ts';
import { NIGHT_LOOK } from '../report/verdict-words.ts';
import type { ChangePoint } from './change-points.ts';
import type { History } from './history-file.ts';
import type { MissingNights } from './missing-nights.ts';

/** What `rushhour history` tells. */
export interface HistoryView extends History {
  readonly missing: readonly MissingNights[];
  readonly changePoints: readonly ChangePoint[];
}

const MOST_OF_HEADLINE = 100;
const SHOWN_OF_COMMIT = 12;

/** The history as lines of plain text: nights, oldest first, then what is odd, missing, and changed. Pure. */
export function historyLines({ nights, problems, missing, changePoints }: HistoryView): string[] {
  return [
    ...nightLines(nights),
    ...section(
      'Odd in the file; nothing else is lost by it:',
      problems.map(({ text }) => text),
    ),
    ...section(
      'Gaps:',
      missing.map(({ text }) => text),
    ),
    ...section(
      'Change points, as advice; a paired experiment decides:',
      changePoints.flatMap(changePointLines),
    ),
  ];
}

function nightLines(nights: readonly NightRecord[]): string[] {
  if (nights.length === 0) return ['No night.'];
  const rows = nights.map((night) => [
    formatInstant(night.at),
    night.branch ?? '–',
    `${NIGHT_LOOK[night.verdict].sign} ${NIGHT_LOOK[night.verdict].word}`,
    shorten(night.headline, MOST_OF_HEADLINE) +
      (night.origin === 'recorded' ? ' (recorded, not measured)' : ''),
  ]);
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(width(column)))).join('  '),
  );
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines.map((line) => `  ${line}`)];
}

/** What changed, since which night, between which commits, and what to do about it. */
export function changePointLines(point: ChangePoint): string[] {
  const { scenario, branch, metric, unit, before, after, change, at, commits, bisect } = point;
  const meaning = { unit, higherIsBetter: false };
  const said = (ratio: number) => (ratio === 1 ? 'unchanged' : formatChange(ratio, meaning));
  const where = branch === null ? scenario : `${scenario}, ${branch}`;
  const [from, to] = [commits.from.slice(0, SHOWN_OF_COMMIT), commits.to.slice(0, SHOWN_OF_COMMIT)];
  return [
    `${where}: ${metric} ${said(change)} since the night of ${formatInstant(at)} (p ${point.pValue}): ` +
      `${said(before.ratio)} against the reference in ${countOf(before.nights, 'night')}, ` +
      `${said(after.ratio)} in ${countOf(after.nights, 'night')} from then on`,
    bisect === null
      ? `  no commit lies between: both nights had ${to}, so the machine or what is around it has changed`
      : `  between ${from} and ${to}: ${bisect}`,
  ];
}
