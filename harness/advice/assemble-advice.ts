/** From what was measured to the record of an advice. Pure. */

import type {
  AdviceRecord,
  AdviceUnit,
  AdvisedStatement,
  ExistingIndex,
  IndexAdvice,
} from '../advice-record.ts';
import { DISPATCH_UNIT } from '../capture/unit-of-work.ts';
import { tablesWritten } from '../experiment/statement-text.ts';
import { formatBytes } from '../quantity.ts';
import type { Advice } from './advise-indexes.ts';
import type { CatalogueIndex } from './catalogue.ts';
import type { JudgedChoice } from './choose-indexes.ts';
import { createIndexSql, describeIndex, type IndexDefinition } from './index-definition.ts';
import { asNeighbour, judgeExisting, type Neighbour } from './judge-existing.ts';
import { harmedReads, type IndexJudgement } from './judge-index.ts';
import { changesBetween, type StatementChange, sumOf } from './measurement.ts';
import { timeChange } from './time-pairs.ts';
import { unitCounts, type Workload } from './workload.ts';

export type AdviceFigures = Pick<
  AdviceRecord,
  | 'repeats'
  | 'units'
  | 'advised'
  | 'refused'
  | 'screened'
  | 'spareTables'
  | 'existing'
  | 'reference'
  | 'statements'
  | 'harmed'
  | 'slower'
  | 'warnings'
>;

/** Equal replays differ by a few bytes, unless pages are written whole again after a checkpoint. */
const WAL_REPEATS_WITHIN = 0.02;

/** A statement is called slower when its whole interval lies beyond this ratio. */
const SLOWER_BEYOND = 1.1;

export function assembleAdvice(advice: Advice, workload: Workload): AdviceFigures {
  const changes = changesBetween(advice.before, advice.after);
  return {
    repeats: repeatsOf(advice),
    units: unitsOf(advice, workload),
    advised: advice.advised.map(indexAdvice),
    refused: advice.refused.map(indexAdvice),
    screened: {
      candidates: advice.screening.candidates,
      unused: advice.screening.unused.map(describeIndex),
      waiting: advice.screening.waiting.map(describeIndex),
      impossible: advice.screening.impossible.map(({ candidate, failure }) => ({
        index: describeIndex(candidate),
        reason: failure,
      })),
    },
    spareTables: advice.spareTables.map(({ schema, table, rows, reason }) => ({
      table: `${schema}.${table}`,
      rows,
      reason,
    })),
    existing: existingOf(advice),
    reference: referenceOf(advice),
    statements: changes.filter(isChanged).map(statementOf),
    harmed: harmedReads(changes).map(statementOf),
    slower: slowerOf(advice),
    warnings: warningsOf(advice, workload),
  };
}

function repeatsOf({ before, beforeAgain, stable }: Advice): AdviceRecord['repeats'] {
  const again = changesBetween(before, beforeAgain);
  return {
    blocksDiffer: again.filter(({ blocksBefore, blocksAfter }) => blocksBefore !== blocksAfter).length,
    statements: again.length,
    resultsCompared: stable.size,
    results: before.outcomes.length,
  };
}

/** The dispatch first, the others as they were captured. */
function unitsOf({ before, after, reference, pairs }: Advice, workload: Workload): AdviceUnit[] {
  const units = [...unitCounts(workload)].map(
    ([unit, times]): AdviceUnit => ({
      unit,
      times,
      statements: sumOf(before, 'calls', unit),
      blocksBefore: sumOf(before, 'blocks', unit),
      blocksAfter: sumOf(after, 'blocks', unit),
      blocksReference: reference && sumOf(reference.measurement, 'blocks', unit),
      walBytesBefore: sumOf(before, 'walBytes', unit),
      walBytesAfter: sumOf(after, 'walBytes', unit),
      walBytesReference: reference && sumOf(reference.measurement, 'walBytes', unit),
      time: timeChange(pairs, ({ unitMs }) => unitMs.get(unit) ?? null),
    }),
  );
  const isDispatch = ({ unit }: AdviceUnit) => unit === DISPATCH_UNIT;
  return [...units.filter(isDispatch), ...units.filter((unit) => !isDispatch(unit))];
}

function indexAdvice({ index, judgement, beside }: JudgedChoice<IndexDefinition>): IndexAdvice {
  return {
    name: index.name,
    schema: index.schema,
    table: index.table,
    description: describeIndex(index),
    sql: createIndexSql(index),
    beside: beside.map(({ name }) => name),
    ...judgementOf(judgement),
  };
}

function judgementOf(judgement: IndexJudgement) {
  const { failures, units, best, worst, hotUpdates } = judgement;
  return {
    ...judgement,
    failures: [...failures],
    units: units.map((unit) => ({ ...unit })),
    best: best && statementOf(best),
    worst: worst && statementOf(worst),
    hotUpdates: { ...hotUpdates },
  };
}

function existingOf({ catalogue, existing, advised }: Advice): ExistingIndex[] {
  const neighbours: Neighbour[] = [...catalogue.indexes, ...advised.map(({ index }) => asNeighbour(index))];
  return catalogue.indexes.map((index): ExistingIndex => {
    const judged = existing.find((one) => one.index.name === index.name && one.index.schema === index.schema);
    const { word, servedBy } = judgeExisting(index, judged?.judgement ?? null, neighbours);
    return {
      name: index.name,
      definition: index.definition,
      bytes: index.bytes,
      verdict: word,
      servedBy,
      advice: judged ? existingAdvice(index, judged.judgement) : null,
    };
  });
}

function existingAdvice(index: CatalogueIndex, judgement: IndexJudgement): IndexAdvice {
  return {
    name: index.name,
    schema: index.schema,
    table: index.table,
    description: index.definition.replace(/^.* ON /, ''),
    sql: index.definition,
    beside: [],
    ...judgementOf(judgement),
  };
}

function referenceOf({ reference }: Advice): AdviceRecord['reference'] {
  if (!reference) return null;
  const bytes = reference.measurement.built.reduce((sum, one) => sum + one.bytes, 0);
  return { bytes, indexes: reference.judged.map(indexAdvice) };
}

function slowerOf({ before, pairs }: Advice): AdviceRecord['slower'] {
  return before.statements.flatMap(({ unit, statement }) => {
    const time = timeChange(
      pairs,
      ({ statements }) =>
        statements.find((one) => one.unit === unit && one.statement === statement)?.databaseMs ?? null,
    );
    return time?.low != null && time.low > SLOWER_BEYOND ? [{ unit, statement, time }] : [];
  });
}

function warningsOf({ before, beforeAgain }: Advice, { units }: Workload): string[] {
  const blind = units.flatMap(({ transcript }) => transcript.blindSpots);
  const missing = before.outcomes.filter((outcome) => outcome === 'not replayed').length;
  const moved = changesBetween(before, beforeAgain).filter(
    ({ blocksBefore, blocksAfter }) => blocksBefore !== blocksAfter,
  ).length;
  const [wal, walAgain] = [sumOf(before, 'walBytes'), sumOf(beforeAgain, 'walBytes')];
  const walShare = Math.abs(wal - walAgain) / Math.max(1, wal);
  return [
    ...new Set(blind),
    ...(missing === 0 ? [] : [`${missing} captured statements could not be replayed (COPY).`]),
    ...(moved === 0 ? [] : [`${moved} statements did not need the same blocks in two equal replays.`]),
    ...(walShare <= WAL_REPEATS_WITHIN
      ? []
      : [
          `Two equal replays wrote ${formatBytes(wal)} and ${formatBytes(walAgain)} of WAL: checkpoints of others on that server came between, and WAL is only roughly what is said.`,
        ]),
  ];
}

function isChanged({ blocksBefore, blocksAfter, walBytesBefore, walBytesAfter }: StatementChange): boolean {
  return blocksBefore !== blocksAfter || walBytesBefore !== walBytesAfter;
}

function statementOf({ rows, ...change }: StatementChange): AdvisedStatement {
  return { ...change, writes: tablesWritten(change.statement).size > 0 };
}
