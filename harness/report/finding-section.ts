import { nameStatement } from '../experiment/statement-text.ts';
import { groupBy } from '../group-by.ts';
import type { Finding, FindingCost } from '../profiling/finding.ts';
import { LEADS } from '../profiling/finding-words.ts';
import type { Dimension } from '../profiling/growth-sample.ts';
import { amountOf, formulaText, oneOf, rangeText, slopeText } from '../profiling/growth-words.ts';
import { formatCount, formatDuration } from '../quantity.ts';
import { type Block, blocks, type Phrase, type Section, strong, type Table, table } from './view/blocks.ts';

/** One finding: the slope, what it costs, the counts it rests on, the statement and the suggested shape. */
export function findingSection(finding: Finding, number: number): Section {
  const { kind, statement, suggestion } = finding;
  return {
    id: findingId(number),
    heading: `${number}. ${LEADS[kind]}: ${findingSubject(finding)}`,
    lead: null,
    blocks: blocks(
      { kind: 'paragraph', text: slopeLine(finding) },
      { kind: 'paragraph', text: costLine(finding.cost) },
      // The counts of its calls do not show what is repeated in them
      kind === 'redundant-query' ? { kind: 'paragraph', text: `${finding.sentence}.` } : null,
      evidence(finding),
      sqlBlock(statement),
      { kind: 'paragraph', text: [strong('Instead'), `: ${suggestion.sentence}`] },
      sqlBlock(suggestion.sql),
    ),
  };
}

/** Of the section of a finding. @param number from 1, in the order of cost */
export function findingId(number: number): string {
  return `finding-${number}`;
}

/** What a finding is about. */
export function findingSubject({ statement }: Finding): string {
  return statement === null ? 'commits outside of a transaction' : nameStatement(statement);
}

function sqlBlock(text: string | null): Block | null {
  return text === null ? null : { kind: 'sql', text };
}

/** "100 bookings and 50 drivers" */
export function sizesText({ sizes, own }: FindingCost): string {
  const named = Object.entries(sizes).map(([dimension, count]) =>
    amountOf(count ?? 0, dimension as Dimension),
  );
  if (named.length === 0) return 'every size';
  return `${named.join(' and ')}${own ? '' : ' (the most measured)'}`;
}

function slopeLine({ unit, dimension, fit, plateau, r2, alsoFits, repeatsAgree }: Finding): Phrase {
  if (dimension === null) return `${unit}: as often at every size.`;
  const others =
    alsoFits.length === 0
      ? ''
      : ` The number of ${alsoFits.join(' and of ')} explains it as well: they varied together.`;
  const repeats = repeatsAgree ? '' : ' Repeats differ by a few calls.';
  if (plateau !== null) {
    const bound = plateau.parents === null ? '' : `, never more than there are ${plateau.parents}`;
    return (
      `${unit}: a call for each ${oneOf(dimension)} up to ${formatCount(plateau.calls)}${bound}. What was read once is kept, so it is an ` +
      `N+1 in the parents: with more of them it is a call for each.${others}${repeats}`
    );
  }
  if (fit === null) return `${unit}: more calls the more ${dimension}.${others}${repeats}`;
  const slope =
    fit.terms.length === 1
      ? [strong(slopeText(fit.terms[0]?.slope ?? 0)), ` for each ${oneOf(dimension)}: `]
      : [];
  const quality = fit.exact ? 'every repeat lies on it' : `r² ${(r2 ?? 0).toFixed(3)}`;
  return [`${unit}: `, ...slope, `calls = ${formulaText(fit)}, ${quality}.${others}${repeats}`];
}

function costLine(cost: FindingCost): Phrase {
  const { calls, waitPerCallMs, totalMs, beyond } = cost;
  const doubt = beyond ? ' Estimated along the fit: this is more than was measured.' : '';
  return [
    `At ${sizesText(cost)}: `,
    strong(formatCount(Math.round(calls))),
    ' calls to save, ',
    ...(waitPerCallMs === null || totalMs === null
      ? ['their time was not measured apart']
      : [`each waits ${formatDuration(waitPerCallMs)}, `, strong(formatDuration(totalMs)), ' together']),
    `.${doubt}`,
  ];
}

/** Calls by size. Samples of one size are one row, whatever else was varied between them. */
function evidence({ points, dimension, fit, plateau, alsoFits }: Finding): Table | null {
  const dimensions = [
    ...new Set([
      ...(dimension === null ? [] : [dimension]),
      ...(fit?.terms.flatMap(({ of }) => of) ?? []),
      ...(plateau?.parents ? [plateau.parents] : []),
    ]),
  ].filter((one) => !alsoFits.includes(one));
  const sorted = points.toSorted((a, b) => {
    const differing = dimensions.find((one) => a.sizes[one] !== b.sizes[one]);
    return differing === undefined ? 0 : (a.sizes[differing] ?? 0) - (b.sizes[differing] ?? 0);
  });
  const bySize = groupBy(sorted, ({ sizes }) => dimensions.map((one) => sizes[one]).join(' '));
  const rows = [...bySize.values()].map((group) => {
    const sizes = group[0]?.sizes ?? {};
    const calls = group.flatMap((point) => point.calls);
    return [
      ...dimensions.map((one) => formatCount(sizes[one] ?? 0)),
      rangeText(calls),
      formatCount(calls.length),
    ];
  });
  return table('Calls at each size', [...dimensions, 'calls', 'measurements'], rows, {
    numericFrom: 0,
    captionHidden: true,
  });
}
