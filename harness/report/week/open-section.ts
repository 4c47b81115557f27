import type { WeekRecord } from '../../week-record.ts';
import type { Section } from '../view/blocks.ts';
import { section } from './week-section.ts';
import { incompleteWeek } from './week-words.ts';

/** What was not done, with the reason. */
export function openSection(record: WeekRecord): Section {
  const incomplete = incompleteWeek(record);
  const items = [
    ...(incomplete === null ? [] : [incomplete]),
    ...[...record.finalMetrics, ...record.rows]
      .filter(({ outcome }) => outcome === 'open')
      .map(({ title, reason }) => `${title}: ${reason ?? 'not measured'}`),
    ...record.tasks
      .filter(({ state }) => state !== 'done')
      .map(
        ({ title, state, failure }) => `${title}: ${failure ?? (state === 'failed' ? 'failed' : 'not run')}`,
      ),
    ...(record.facts.growth?.notMeasured ?? []).map((size) => `Growth: ${size}`),
    ...[record.facts.load, record.facts.stress].flatMap((fact) =>
      (fact?.skipped ?? []).map(
        ({ generator, reason }) => `${fact?.scenario} test with ${generator}: ${reason}`,
      ),
    ),
    ...record.warnings,
  ];
  return section('open', 'What was not done', {
    blocks: items.length === 0 ? [] : [{ kind: 'bullets', items }],
    missing: 'Nothing was left out.',
  });
}
