import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadModule } from 'libpg-query';
import { BOOKING_STEPS, buildGrowth, type GrowthShape } from '../../test/support/growth-builders.ts';
import { GrowthRecord, growthRecord } from '../profiling/growth-record.ts';
import { callsAgainstSizeChart } from './charts/calls-against-size.ts';
import { nPlusOneIssues } from './n-plus-one-issues.ts';
import { partMarkdown } from './profile-part.ts';

before(loadModule);

const LOOKUP = 'SELECT id, full_name FROM client WHERE id = $';
const INSERT = 'INSERT INTO assignment (booking_id, driver_id) VALUES ($, $)';

function pageOf(shape: GrowthShape, steps = BOOKING_STEPS): string {
  const record = growthRecord(buildGrowth(shape, steps), { sizes: { dispatch: { bookings: 100 } } });
  assert.deepEqual(GrowthRecord.parse(JSON.parse(JSON.stringify(record))), record);
  return partMarkdown(
    nPlusOneIssues(record, {
      context: 'dataset load',
      chart: callsAgainstSizeChart(record.findings, 'dataset load'),
    }),
  );
}

const LOOPS: GrowthShape = {
  statements: {
    [LOOKUP]: ({ bookings = 0 }) => bookings,
    [INSERT]: ({ bookings = 0 }) => bookings,
    'SELECT id FROM booking WHERE day = $': ({ bookings = 0 }) => ({ calls: 1, rows: bookings }),
  },
  commits: ({ bookings = 0 }) => bookings,
};

test('the first line is the verdict in numbers', () => {
  const [first] = pageOf(LOOPS).split('\n');
  assert.equal(
    first,
    '# 3 findings: 1 N+1, 1 row-by-row write, 1 commit for each row (3 statements in 1 unit of work)',
  );
});

test('each finding has its counts, slope, cost, statement and what to do instead', () => {
  const page = pageOf(LOOPS);
  const section = page.split('\n## ').find((part) => /^\d+\. N\\?\+1/.test(part)) ?? '';
  assert.match(
    section,
    /\| bookings \| calls \| measurements \|\n\| ---: \| ---: \| ---: \|\n\| 8 \| 8 \| 3 \|/,
  );
  assert.match(section, /\*\*1\*\* for each booking: calls = bookings, every repeat lies on it/);
  // 100 bookings × 0.5 ms
  assert.match(
    section,
    /At 100 bookings: \*\*100\*\* calls to save, each waits 500 µs, \*\*50\.0 ms\*\* together/,
  );
  assert.match(section, /Estimated along the fit/);
  assert.match(section, /```sql\nSELECT id, full_name FROM client WHERE id = \$\n```/);
  assert.match(section, /WHERE id = ANY\(\$1\)/);
  assert.match(page, /!\[.*\]\(charts\/calls-against-size\.png\)/);
});

test('the total counts what is repeated inside an N+1 once', () => {
  // 400 calls, 300 of them repeated: 400 to save, 200 ms
  const page = pageOf({
    statements: { [LOOKUP]: ({ bookings = 0 }) => ({ calls: 4 * bookings, distinctParameters: bookings }) },
  });
  assert.match(page, /\*\*dispatch\*\*: 400 calls to save, 200 ms of waiting\./);
});

test('without findings it says so, and what was looked at', () => {
  const page = pageOf({
    statements: {
      'SELECT id FROM booking WHERE day = $': ({ bookings = 0 }) => ({ calls: 1, rows: bookings }),
      'SELECT id FROM client WHERE id = ANY($)': ({ bookings = 0 }) => ({
        calls: Math.ceil(bookings / 20),
        rows: bookings,
      }),
    },
    commits: () => 1,
  });
  assert.match(page, /^# No N\\?\+1 and no row-by-row write: 2 statements in 1 unit of work\n/);
  assert.match(page, /1 statement made the same number of calls at every size/);
  assert.match(page, /a call for 16 to 21 bookings at a time/);
  assert.doesNotMatch(page, /!\[|undefined|NaN|null|to save,/);
});

test('statements with one reason for no verdict are one line', () => {
  const statements = Object.fromEntries(
    ['a', 'b', 'c'].map((name) => [`SELECT id FROM ${name} WHERE id = $`, () => 1] as const),
  );
  const page = pageOf({ statements }, BOOKING_STEPS.slice(0, 2));
  assert.match(
    page,
    /^# No N\+1 and no row-by-row write: 3 statements in 1 unit of work, 3 without a verdict\n/,
  );
  assert.match(
    page,
    /- dispatch: No verdict on 3 statements: nothing it may grow with was seen at 3 sizes or more/,
  );
});

test('letters of a statement are no markup', () => {
  const page = pageOf({
    statements: { 'SELECT "a|b", `c` FROM "<b>" WHERE id = $': ({ bookings = 0 }) => bookings },
  });
  assert.doesNotMatch(page.replaceAll(/```+sql[\s\S]*?```+/g, ''), /(?<!`[^`\n]*)<b>/);
  assert.match(page, /a\\\|b/);
});
