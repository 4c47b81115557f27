import { findChunk } from './chunk-size.ts';
import { type GrowthModel, lineFit, sized } from './growth-model.ts';
import type { Dimension } from './growth-sample.ts';
import { type Observation, pointsOf, riseOf } from './growth-series.ts';
import { amountOf, chunkText, formulaText, oneOf, pointsText, slopeText } from './growth-words.ts';
import type { GrowthFit, Judgement } from './judgement.ts';
import { isLookupForSome } from './part-lookup.ts';

/** A judgement without what it is about. */
export type Verdict = Omit<Judgement, 'unit' | 'statement' | 'points' | 'repeated'>;

/** A call for at least every second one; below it is a batch, or a lookup for some. */
export const LEAST_SLOPE = 0.5;

/** Fewer calls more at the largest size than at the smallest are no loop worth a change. */
export const LEAST_RISE = 5;

/** @param models exact ones of one shape; several when dimensions varied together */
export function modelVerdict(
  models: readonly GrowthModel[],
  observations: readonly Observation[],
  statement: string | null,
): Verdict {
  const [model] = models;
  const alsoFits = models.slice(1).flatMap((other) => ('dimension' in other ? other.dimension : []));
  const others = [...new Set(alsoFits)].filter((other) => !(model !== undefined && isAbout(model, other)));
  return { ...verdictOf(model ?? { shape: 'constant' }, observations, statement), alsoFits: others };
}

function isAbout(model: GrowthModel, dimension: Dimension): boolean {
  if (model.shape === 'constant') return false;
  const bound = model.shape === 'plateau' ? model.parents : null;
  const terms = 'fit' in model ? model.fit.terms.flatMap(({ of }) => of) : [];
  return [model.dimension, bound, ...terms].includes(dimension);
}

function verdictOf(
  model: GrowthModel,
  observations: readonly Observation[],
  statement: string | null,
): Verdict {
  switch (model.shape) {
    case 'constant':
      return constantVerdict(observations);
    case 'line':
      return lineVerdict(model, observations, statement, true);
    case 'sum':
    case 'product':
      return sumVerdict(model, observations);
    case 'chunks':
      return chunkVerdict(model, observations, statement);
    case 'plateau':
      return plateauVerdict(model, observations, true);
  }
}

const PLAIN = { alsoFits: [], fit: null, chunk: null, plateau: null, repeatsAgree: true };

function constantVerdict(observations: readonly Observation[]): Verdict {
  const calls = observations[0]?.calls ?? 0;
  return {
    ...PLAIN,
    verdict: 'constant',
    dimension: null,
    reason: `${calls === 1 ? '1 call' : `${calls} calls`} at every size`,
  };
}

/** The verdict of a straight line, by its slope and rise. */
export function lineVerdict(
  { dimension, fit }: { dimension: Dimension; fit: GrowthFit },
  observations: readonly Observation[],
  statement: string | null,
  repeatsAgree: boolean,
): Verdict {
  const slope = fit.terms[0]?.slope ?? 0;
  const rise = riseOf(observations, dimension);
  const calls = pointsText(pointsOf(observations, dimension), dimension);
  const line = { ...PLAIN, dimension, fit, repeatsAgree };
  if (slope <= 0) {
    return {
      ...line,
      verdict: 'irregular',
      reason: `fewer calls the more ${dimension} there are (${calls})`,
    };
  }
  const forSome = isOfSome(fit) && isLookupForSome(observations, statement);
  if (slope < LEAST_SLOPE && !forSome) {
    return (
      batchedVerdict({ dimension, fit, repeatsAgree }, observations) ?? {
        ...line,
        verdict: 'irregular',
        reason: `a call for ${slopeText(slope)} of each of the ${dimension}: neither batches nor one each (${calls})`,
      }
    );
  }
  if (rise < LEAST_RISE) {
    const reason = `only ${slopeText(rise)} calls more at the largest size than at the smallest (${calls})`;
    return { ...line, verdict: 'not-established', reason };
  }
  const who = forSome
    ? `a call for some ${dimension}, ${slopeText(slope)} of each`
    : `${slopeText(slope)} ${slopeText(slope) === '1' ? 'call' : 'calls'} for each ${oneOf(dimension)}`;
  return { ...line, verdict: 'n-plus-one', reason: `${who} (${calls})` };
}

/** Fewer calls than rows, and not in step with them. */
function isOfSome({ terms, exact }: GrowthFit): boolean {
  const slope = terms[0]?.slope ?? 0;
  return slope < LEAST_SLOPE || (slope < 1 && !exact);
}

/** A batch has to do with several rows: fewer than this a call are looked at one by one. */
const ROWS_OF_A_BATCH = 2;

/** A call for several at once: in chunks of one size, or of several rows each. Null when it is neither. */
export function batchedVerdict(
  { dimension, fit, repeatsAgree }: { dimension: Dimension; fit: GrowthFit; repeatsAgree: boolean },
  observations: readonly Observation[],
): Verdict | null {
  const found = findChunk(sized(observations, dimension));
  const hasRows = observations.some(({ rows, calls }) => calls > 0 && rows >= ROWS_OF_A_BATCH * calls);
  if (found === null && !hasRows) return null;
  const about = Math.round(1 / (fit.terms[0]?.slope ?? 1));
  const chunk = found === null ? { least: about, most: about } : { least: found.least, most: found.most };
  const calls = pointsText(pointsOf(observations, dimension), dimension);
  const reason = `a call for ${found === null ? 'about ' : ''}${chunkText(chunk)} ${dimension} at a time (${calls})`;
  return { ...PLAIN, verdict: 'batched', dimension, fit, chunk, repeatsAgree, reason };
}

function chunkVerdict(
  { dimension, chunk: { least, most } }: Extract<GrowthModel, { shape: 'chunks' }>,
  observations: readonly Observation[],
  statement: string | null,
): Verdict {
  const calls = pointsText(pointsOf(observations, dimension), dimension);
  const { residual: _, ...fit } = lineFit(observations, dimension);
  if (isLookupForSome(observations, statement)) {
    const verdict = riseOf(observations, dimension) < LEAST_RISE ? 'not-established' : 'n-plus-one';
    const reason = `a call for one of about ${chunkText({ least, most })} ${dimension} (${calls})`;
    return { ...PLAIN, verdict, dimension, fit, reason };
  }
  const chunk = { least, most };
  const reason = `a call for ${chunkText(chunk)} ${dimension} at a time (${calls})`;
  return { ...PLAIN, verdict: 'batched', dimension, fit, chunk, reason };
}

/** @param exact whether every call follows `min(n, parents)` */
export function plateauVerdict(
  { dimension, calls, parents }: Omit<Extract<GrowthModel, { shape: 'plateau' }>, 'shape'>,
  observations: readonly Observation[],
  exact: boolean,
): Verdict {
  const bound = parents === null ? 'no more than there are parents' : `never more than there are ${parents}`;
  const seen = pointsText(pointsOf(observations, dimension), dimension);
  return {
    ...PLAIN,
    verdict: 'saturating',
    dimension,
    plateau: { calls, parents },
    reason:
      `${exact ? 'a call' : 'up to a call'} for each ${oneOf(dimension)} until ${amountCalls(calls)}, ${bound} (${seen}): ` +
      `what was read once is kept, and with more parents it is a call for each of them`,
  };
}

function amountCalls(calls: number): string {
  return calls === 1 ? '1 call' : `${calls} calls`;
}

function sumVerdict(
  { shape, dimension, fit }: Extract<GrowthModel, { shape: 'sum' | 'product' }>,
  observations: readonly Observation[],
): Verdict {
  const formula = `calls = ${formulaText(fit)}`;
  const most = observations.toSorted((a, b) => b.calls - a.calls)[0];
  const largest = most === undefined ? '' : `; ${amountCalls(most.calls)} at ${sizesText(fit, most)}`;
  if (shape === 'product') {
    return { ...PLAIN, verdict: 'superlinear', dimension, fit, reason: `${formula}${largest}` };
  }
  const steep = (fit.terms[0]?.slope ?? 0) >= LEAST_SLOPE;
  return {
    ...PLAIN,
    verdict: steep ? 'n-plus-one' : 'irregular',
    dimension,
    fit,
    reason: `${formula}${largest}`,
  };
}

function sizesText({ terms }: GrowthFit, { sizes }: Observation): string {
  const dimensions = [...new Set(terms.flatMap(({ of }) => of))];
  return dimensions.map((dimension) => amountOf(sizes[dimension] ?? 0, dimension)).join(' and ');
}
