import assert from 'node:assert/strict';
import path from 'node:path';
import { before, test } from 'node:test';
import { PROJECT_ROOT } from '../../machine/environment.ts';
import { ProfileRecord } from '../../profile-record.ts';
import { parseRecord } from '../../store/parse-record.ts';
import { listResultIds } from '../../store/read-results.ts';
import { PROFILE_FILE } from '../../store/result-folder.ts';
import { ProfileFact } from '../../week-record.ts';
import { profileFact } from './profile-fact.ts';

const EXAMPLES = path.join(PROJECT_ROOT, 'results', 'examples');

let profile: ProfileRecord;
let fact: ProfileFact;

before(async () => {
  const id = (await listResultIds(EXAMPLES)).find((one) => one.includes('-profile-baseline-')) ?? '';
  profile = await parseRecord(path.join(EXAMPLES, id, PROFILE_FILE), ProfileRecord);
  fact = ProfileFact.parse(profileFact(profile, { folder: 'profile', captured: 2_090 }));
});

test('the ten that take most time of a dispatch come first, with what their plan does', () => {
  const times = fact.slowest.map(({ msPerDispatch }) => msPerDispatch ?? 0);
  assert.equal(times.length, 10);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => b - a),
  );
  const [first] = fact.slowest;
  assert.equal(first?.msPerDispatch, (first?.callsPerDispatch ?? 0) * (first?.meanMs ?? 0));
  assert.match(first?.plan ?? '', /^Seq Scan on booking: reads [\d,]+ rows of booking to keep none$/);
});

test('times of all statements together give each one its share', () => {
  const allMs = fact.statementTimes.reduce((sum, { msPerDispatch }) => sum + (msPerDispatch ?? 0), 0);
  for (const { msPerDispatch, timeShare } of fact.slowest)
    assert.ok(Math.abs((msPerDispatch ?? 0) / allMs - (timeShare ?? 0)) < 1e-9);
  assert.equal(fact.statementTimes.length, profile.statements.statements.length);
});

test('slow statements are those of the profile, and what a dispatch asks is the middle of its dispatches', () => {
  assert.equal(fact.slow.length, profile.statements.slow);
  const { dispatches } = profile;
  assert.ok(dispatches.some(({ statements }) => statements === fact.statements));
  assert.ok(dispatches.some(({ undisturbedMs }) => undisturbedMs === fact.dispatchMs));
});
