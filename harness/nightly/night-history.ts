/** The nights there were, as a night needs them: one NDJSON line each, append-only. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { NightRecord, type NightScenario, type StoredCounters } from '../night-record.ts';
import { appendRecord } from '../store/durable-file.ts';
import { readLines } from '../store/ledger.ts';

/** Oldest first. */
export async function readHistory(file: string): Promise<{ nights: NightRecord[]; problems: string[] }> {
  const nights = await readLines(file, NightRecord, ({ id }) => id);
  return { nights: nights.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)), problems: [] };
}

export async function appendNight(file: string, night: NightRecord): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await appendRecord(file, night);
}

/** Exact counters of the candidate against the newest stored night with equal rows and an equal server. Pure. */
export function compareWithStored(
  scenario: Pick<NightScenario, 'scenario' | 'datasetDigest' | 'postgres' | 'counters' | 'refusals'>,
  earlier: readonly NightRecord[],
  { target, branch }: { readonly target: string; readonly branch: string | null },
): StoredCounters {
  const stored = earlier.flatMap((night) =>
    night.target === target && night.branch === branch
      ? night.scenarios
          .filter((one) => one.scenario === scenario.scenario && one.counters.length > 0)
          .map((one) => ({ night: night.id, one }))
      : [],
  );
  const newest = stored.at(-1);
  if (!newest) return { state: 'first', night: null, reason: null, changes: [] };
  const match = stored.findLast(
    ({ one }) =>
      one.datasetDigest === scenario.datasetDigest &&
      one.postgres?.version.split('.')[0] === scenario.postgres?.version.split('.')[0] &&
      one.postgres?.settingsHash === scenario.postgres?.settingsHash,
  );
  if (!match)
    return {
      state: 'rebaselined',
      night: newest.night,
      reason: 'the dataset or the PostgreSQL is another',
      changes: [],
    };
  const changes = scenario.counters.flatMap(({ metric, unit, candidate, repeatsAgree }) => {
    const before = match.one.counters.find((one) => one.metric === metric);
    return !repeatsAgree || !before?.repeatsAgree || before.candidate === candidate
      ? []
      : [{ metric, unit, before: before.candidate, now: candidate }];
  });
  return { state: changes.length === 0 ? 'same' : 'changed', night: match.night, reason: null, changes };
}
