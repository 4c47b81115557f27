import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import { type Day, type MonthCommit, RELEASE } from './days.ts';

/** A repository of somebody's service, whose history is the month's. */
export interface MonthRepository {
  readonly folder: string;
  /** Commit of the end of each day, in their order. */
  readonly endOfDay: readonly string[];
  /** By subject. */
  readonly commits: ReadonlyMap<string, string>;
}

export const RELEASE_TAG = 'v1.0';

/**
 * Makes it in an existing, empty folder: a config and two small files that say how the reference service is started, which commits change.
 */
export async function makeMonthRepository(folder: string, days: readonly Day[]): Promise<MonthRepository> {
  const git = async (...args: string[]) => (await execa('git', args, { cwd: folder, env: IDENTITY })).stdout;
  await git('init', '--quiet', '--initial-branch=main');
  await mkdir(path.join(folder, 'service'));
  await writeFile(path.join(folder, 'rushhour.config.ts'), configText());
  await writeFile(path.join(folder, '.gitignore'), 'results/\nnightly/\n');
  await writeFile(path.join(folder, 'package-lock.json'), '{ "lockfileVersion": 3, "packages": {} }\n');
  const commits = new Map<string, string>();
  const commit = async ({ subject, state }: MonthCommit): Promise<string> => {
    await writeFile(path.join(folder, 'NOTES.md'), `${subject}\n`);
    if (state) {
      const slowdown = state.slowdown === null ? [] : ['--inject-slowdown', state.slowdown];
      const args = ['--variant', state.variant, ...slowdown];
      await writeFile(path.join(folder, 'service/arguments'), `${args.join(' ')}\n`);
    }
    await git('add', '--all');
    await git('commit', '--quiet', '--message', subject);
    const made = await git('rev-parse', 'HEAD');
    commits.set(subject, made);
    return made;
  };
  await commit(RELEASE);
  await git('tag', RELEASE_TAG);
  const endOfDay: string[] = [];
  for (const day of days) {
    for (const one of day.commits) await commit(one);
    endOfDay.push(await git('rev-parse', 'HEAD'));
  }
  return { folder, endOfDay, commits };
}

const IDENTITY = {
  GIT_AUTHOR_NAME: 'Month',
  GIT_AUTHOR_EMAIL: 'month@example.test',
  GIT_COMMITTER_NAME: 'Month',
  GIT_COMMITTER_EMAIL: 'month@example.test',
};

/** The reference service as somebody else's, at whatever commit is checked out. */
function configText(): string {
  const file = (name: string) => JSON.stringify(path.join(PROJECT_ROOT, name));
  const loader = JSON.stringify(import.meta.resolve('tsx'));
  const ofDay =
    'company_id = :company_id AND scheduled_time >= :day::date AND scheduled_time < :day::date + 1';
  return `const OF_DAY = '${ofDay}';

export default {
  name: 'month',
  service: { health: '/health', timeZone: 'UTC' },
  login: {
    kind: 'token',
    request: { path: '/api/v1/auth/login', body: { email: '{email}', password: '{password}' } },
    token: 'token',
    accounts: {
      sql: "SELECT company_id, email, 'rushhour-demo' AS password FROM app_user WHERE role = 'dispatcher' ORDER BY id",
    },
    accountOf: 'company_id',
  },
  dataset: {
    seed: [
      {
        command: [
          ...['node', '--import', ${loader}, ${file('test/fixtures/week-service/seed.ts')}],
          ...['{bookings}', '{drivers}', '{history}', '{companies}', '{days}', '{randomSeed}'],
        ],
      },
    ],
    scales: true,
  },
  dispatch: {
    offers: {
      sql: \`SELECT company_id, to_char(scheduled_time AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day
        FROM booking WHERE status = 'open' GROUP BY 1, 2 ORDER BY 2, 1\`,
    },
    request: { path: '/api/v1/company_dispatch/run?wait=true', body: { date: '{day}' } },
    complete: { by: 'response' },
    rows: \`SELECT count(*) FILTER (WHERE status = 'open') AS open, count(*) FILTER (WHERE status = 'assigned') AS assigned
      FROM booking WHERE \${OF_DAY}\`,
    settleMs: 50,
  },
  outcome: {
    sql: \`SELECT a.booking_id, a.driver_id, a.status, a.sequence
      FROM assignment a JOIN booking b ON b.id = a.booking_id WHERE b.\${OF_DAY.replaceAll('scheduled', 'b.scheduled')}\`,
  },
  scenarios: {
    day: {
      mix: [{ weight: 1, visit: ['drivers'] }],
      steps: [{ ratePerSecond: 2, seconds: 2 }],
    },
  },
  endpoints: { drivers: { path: '/api/v1/drivers' } },
  variants: {
    app: {
      start: {
        command: ['sh', '-c', 'exec node --import ${JSON.parse(loader)} ${JSON.parse(file('target/main.ts'))} $(cat service/arguments)'],
        environment: { DATABASE_URL: '{databaseUrl}', JWT_SECRET: '{secret}', PORT: '{port}' },
      },
      source: { ref: 'HEAD' },
      migration: { up: [{ file: ${file('target/migrations/0001-add-performance-indexes.up.sql')} }] },
    },
  },
  // 8 pairs of small dispatches tell about 6 % apart: with the 3 % of the default no night could say more than "too noisy".
  nightly: {
    reference: '${RELEASE_TAG}',
    scenarios: { day: { pairs: 8, gates: { 'dispatch time': 0.1, 'CPU time per dispatch': 0.1 } } },
  },
};
`;
}
