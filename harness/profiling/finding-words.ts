import { nameStatement } from '../experiment/statement-text.ts';
import { formatCount, formatDuration, formatShare } from '../quantity.ts';
import type { FindingCost, FindingKind } from './finding.ts';
import type { Dimension } from './growth-sample.ts';
import { amountOf, formulaText, oneOf, slopeText } from './growth-words.ts';
import type { Judgement } from './judgement.ts';

/** "N+1: SELECT … FROM client WHERE id = $ runs once for each booking; at 100 bookings 100 calls, 48 ms". */
export function findingSentence(kind: FindingKind, judgement: Judgement, cost: FindingCost): string {
  return `${LEADS[kind]}: ${subjectOf(judgement)} ${growthText(kind, judgement)}; ${costText(cost)}${doubtText(judgement)}`;
}

export const LEADS: Readonly<Record<FindingKind, string>> = {
  'n-plus-one': 'N+1',
  'n-times-m': 'N×M',
  'row-by-row-write': 'Row-by-row write',
  'commit-per-row': 'Commit for each row',
  'transaction-per-row': 'Transaction for each row',
  'redundant-query': 'Redundant query',
};

function subjectOf({ statement }: Judgement): string {
  return statement === null ? 'a commit without BEGIN' : nameStatement(statement);
}

function growthText(kind: FindingKind, judgement: Judgement): string {
  const { dimension, fit, plateau, repeated } = judgement;
  if (kind === 'redundant-query' && repeated !== null) {
    const among =
      dimension === null ? 'at every size' : `and runs more often the more ${dimension} there are`;
    return `asked ${formatCount(repeated.calls)} times with ${parameters(repeated.distinctParameters)}, ${among}${judgement.verdict === 'redundant' ? '' : ' (part of what its loop costs)'}`;
  }
  if (dimension === null) return 'runs at every size';
  if (plateau !== null) return plateauText(dimension, plateau);
  return fit === null ? `runs more often the more ${dimension} there are` : fitText(fit, dimension);
}

function parameters(distinct: number): string {
  return distinct <= 1 ? 'the same parameters' : `only ${formatCount(distinct)} different parameters`;
}

function plateauText(dimension: Dimension, { calls, parents }: NonNullable<Judgement['plateau']>): string {
  const bound = parents === null ? `until ${formatCount(calls)} calls` : `as far as there are ${parents}`;
  return `runs once for each ${oneOf(dimension)} ${bound}, an N+1 in the parents that are kept once read`;
}

function fitText(fit: NonNullable<Judgement['fit']>, dimension: Dimension): string {
  const slope = fit.terms[0]?.slope ?? 0;
  if (fit.terms.length > 1) return `runs ${formulaText(fit)} times`;
  if (slopeText(slope) === '1') return `runs once for each ${oneOf(dimension)}`;
  return slope < 1
    ? `runs for ${formatShare(slope)} of the ${dimension}, once each`
    : `runs ${slopeText(slope)} times for each ${oneOf(dimension)}`;
}

function costText({ sizes, own, beyond, calls, totalMs }: FindingCost): string {
  const named = Object.entries(sizes).map(([dimension, count]) =>
    amountOf(count ?? 0, dimension as Dimension),
  );
  const at =
    named.length === 0 ? '' : `at ${named.join(' and ')}${own ? '' : ', the most that was measured,'} `;
  const count = `${formatCount(Math.round(calls))} ${Math.round(calls) === 1 ? 'call' : 'calls'} to save`;
  const time = totalMs === null ? 'their time was not measured' : formatDuration(totalMs);
  return `${at}${count}, ${time}${beyond ? ' (estimated along the fit: more than was measured)' : ''}`;
}

function doubtText({ repeatsAgree }: Judgement): string {
  return repeatsAgree ? '' : '. Repeats differ by a few calls';
}

const NO_VERDICT: readonly string[] = ['erratic', 'irregular', 'not-established'];

/** "Batched, as it should be: …" or "No verdict on …". */
export function noteSentence({ statement, verdict, reason }: Judgement): string {
  const subject = statement === null ? 'commits' : nameStatement(statement);
  return NO_VERDICT.includes(verdict) ? `No verdict on ${subject}: ${reason}` : `${subject}: ${reason}`;
}
