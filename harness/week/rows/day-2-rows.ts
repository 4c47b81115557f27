import { isDeepStrictEqual } from 'node:util';
import { countOf, formatBytes, formatCount } from '../../quantity.ts';
import type { IndexValueFact, MigrationFact, WeekFacts, WeekRow } from '../../week-record.ts';
import type { Terms } from './goals.ts';
import { missingIndexes } from './missing-indexes.ts';
import { faultOf, judged, notDone, rowOf } from './outcome.ts';
import { ladderEvidence, TIMED, timeOutcome } from './time-goal.ts';
import { weekStep } from './week-steps.ts';

/** What the week is asked for by name: table and leading columns. */
export const NAMED_INDEXES: readonly { readonly table: string; readonly columns: readonly string[] }[] = [
  { table: 'assignment', columns: ['booking_id', 'created_at'] },
  { table: 'booking', columns: ['status', 'scheduled_time', 'company_id'] },
  { table: 'driver', columns: ['company_id', 'is_available', 'is_active'] },
  { table: 'booking', columns: ['company_id', 'scheduled_time'] },
  { table: 'assignment', columns: ['dispatch_run_id', 'status'] },
];
const FEWEST = 5;
const MOST = 10;

/** Tuesday: indexes, by a migration that can be taken back. */
export function day2Rows({ migration, indexValue, ladder }: WeekFacts, terms: Terms): WeekRow[] {
  const { isReference } = terms;
  const name = migration?.name ?? 'add_performance_indexes';
  const how = 'on a clone; definitions and rows compared by digest and line by line';
  return [
    rowOf(
      {
        ...{ id: 'day2.presence', day: 2, title: `Migration ${name}: indexes present after the upgrade` },
        goal: isReference
          ? `${FEWEST} to ${MOST} indexes, the five that are named among them, each as declared and valid`
          : 'at least one that was not there before, each valid',
        how: 'read back from pg_index, columns in their order',
      },
      migration,
      isReference ? judgePresence : judgeOwnPresence,
    ),
    rowOf(
      {
        ...{ id: 'day2.downgrade', day: 2, title: 'Downgrade', how },
        goal: 'the schema after it equals the schema before the upgrade',
      },
      migration,
      ({ afterDowngrade, notDowngraded }) =>
        afterDowngrade === null
          ? notDone(notDowngraded)
          : judged(sameOr(afterDowngrade, 'the schema is as it was'), differenceFault(afterDowngrade)),
    ),
    rowOf(
      {
        ...{ id: 'day2.repeated', day: 2, title: 'Upgrade twice, downgrade twice', how },
        goal: 'the second changes nothing',
      },
      migration,
      ({ secondUpgrade, secondDowngrade }) => {
        const told = [...secondUpgrade, ...(secondDowngrade ?? [])];
        // Plain SQL is refused the second time, which does no harm; the reference migration is to do nothing.
        const refused = isReference ? [] : told.filter((line) => line.startsWith('failed: '));
        const changes = told.filter((line) => !refused.includes(line));
        const same = [
          secondDowngrade === null ? 'the second changed nothing' : 'neither second changed anything',
          ...refused.map((line) => line.replace('failed:', 'it was refused:')),
        ].join('; ');
        return judged(sameOr(changes, same), differenceFault(changes));
      },
    ),
    rowOf(
      {
        ...{ id: 'day2.data', day: 2, title: 'Data unchanged', how },
        goal: 'every row as before, after the upgrade and after the downgrade',
      },
      migration,
      ({ digests: { before, upgraded, downgraded } }) =>
        judged(
          upgraded === before && (downgraded ?? before) === before ? 'all digests equal' : 'digests differ',
          faultOf([
            upgraded !== before && 'the upgrade changed rows',
            (downgraded ?? before) !== before && 'rows differ after the downgrade',
          ]),
        ),
    ),
    {
      ...{ id: 'day2.benchmark', day: 2, title: 'Dispatch before and after the indexes' },
      goal: 'faster, with its whole interval',
      how: TIMED,
      evidence: ladderEvidence(ladder),
      ...timeOutcome(weekStep(ladder, 'indexes'), 'dispatch', isReference ? 1 : null),
    },
    rowOf(
      {
        ...{ id: 'day2.value', day: 2, title: 'What each index earned and cost' },
        goal: 'counted for each; one that does not earn its writes is named',
        how: 'a captured workload replayed on clones, with all indexes and without one at a time; blocks and WAL counted',
      },
      indexValue,
      (fact) => judgeValue(fact, migration),
    ),
  ];
}

function judgePresence(migration: MigrationFact) {
  const { declared } = migration;
  const missing = missingIndexes(migration);
  const unnamed = NAMED_INDEXES.filter(
    (named) =>
      !declared.some((one) => one.table === named.table && isDeepStrictEqual(one.columns, named.columns)),
  );
  return judged(
    `${declared.length - missing.length} of ${declared.length} that it declares`,
    faultOf([
      ...missing,
      ...unnamed.map(({ table, columns }) => `it declares no index on ${table} (${columns.join(', ')})`),
      declared.length < FEWEST && `it declares fewer than ${FEWEST}`,
      declared.length > MOST && `it declares more than ${MOST}`,
    ]),
  );
}

/** Of an own migration the text may be a program's: what it was to make is what the catalogue has gained. */
function judgeOwnPresence(migration: MigrationFact) {
  const { declared, secondUpgrade } = migration;
  const missing = missingIndexes(migration);
  return judged(
    `${countOf(declared.length - missing.length, 'index', 'indexes')}: ${declared.map(({ name }) => name).join(', ') || 'none'}`,
    faultOf([
      ...secondUpgrade.filter((line) => line.startsWith('first upgrade ')),
      ...missing,
      declared.length === 0 && 'it adds none',
    ]),
  );
}

function sameOr(differences: readonly string[], same: string): string {
  return differences.length === 0 ? same : countOf(differences.length, 'difference');
}

function differenceFault(differences: readonly string[]): string | null {
  const more = differences.length > 3 ? `; and ${differences.length - 3} more` : '';
  return differences.length === 0 ? null : differences.slice(0, 3).join('; ') + more;
}

function judgeValue({ indexes }: IndexValueFact, migration: MigrationFact | null) {
  const earning = indexes.filter(({ earns }) => earns);
  const idle = indexes.filter(({ earns }) => !earns);
  const judgedNames = new Set(indexes.map(({ name }) => name));
  const left = (migration?.declared ?? [])
    .filter(({ name }) => !judgedNames.has(name))
    .map(({ name }) => name);
  const [best] = earning.toSorted((a, b) => b.blocksSaved - a.blocksSaved);
  const sizeBytes = indexes.reduce((sum, { bytes }) => sum + bytes, 0);
  return judged(
    [
      `${earning.length} of ${indexes.length} earn their writes, ${formatBytes(sizeBytes)} together`,
      ...(best ? [`most: ${best.name}, ${formatCount(best.blocksSaved)} blocks saved`] : []),
      ...(idle.length > 0
        ? [`do not: ${idle.map(({ name, verdict }) => `${name} (${verdict})`).join(', ')}`]
        : []),
    ].join('; '),
    faultOf([left.length > 0 && `not judged: ${left.join(', ')}`, indexes.length === 0 && 'none was judged']),
  );
}
