/** A small git repository of a dispatch service, commit by commit, beside a config that measures it. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import type { NightlyConfig, RushhourConfig } from '../../harness/config/rushhour-config.ts';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import { TRIPS, tripsConfig, writeConfig } from './trips.ts';

export interface FleetRepository {
  /** Of the config, which lies beside the repository. */
  readonly folder: string;
  /** Of the repository. */
  readonly repository: string;
  git(...args: readonly string[]): Promise<string>;
  /** Changes files and commits them. Returns the commit. */
  commit(subject: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** Writes the config anew. */
  configure(nightly: NightlyConfig, parts?: Partial<RushhourConfig>): Promise<void>;
}

/** The plan that asks for the cars once for each trip: an N+1. */
export async function planWithQueryPerTrip(): Promise<string> {
  const plan = await readFile(path.join(TRIPS, 'plan-trips.mjs'), 'utf8');
  const changed = plan.replace(
    '    const car = index < 3',
    "    await database.query('SELECT id, depot_id FROM car WHERE depot_id = $1', [depot]);\n    const car = index < 3",
  );
  if (changed === plan) throw new Error('plan-trips.mjs has no such line any more');
  return changed;
}

/** Makes a repository of commits without files. */
export async function emptyCommits(folder: string, commits: number): Promise<void> {
  const git = gitIn(folder);
  await git('init', '--quiet', '--initial-branch=main');
  for (let commit = 1; commit <= commits; commit++)
    await git('commit', '--quiet', '--allow-empty', '-m', `commit ${commit}`);
}

function gitIn(folder: string) {
  return async (...args: readonly string[]) => {
    const author = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', '-c', 'commit.gpgsign=false'];
    return (await execa('git', [...author, ...args], { cwd: folder })).stdout;
  };
}

/** The first commit is the trips service as it is, tagged `v1`, with a lockfile. */
export async function fleetRepository(
  folder: string,
  nightly: NightlyConfig = { reference: 'v1' },
): Promise<FleetRepository> {
  const repository = path.join(folder, 'fleet');
  await mkdir(repository);
  const git = gitIn(repository);
  const commit = async (subject: string, files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(repository, name), text);
    await git('add', '-A');
    await git('commit', '--quiet', '--allow-empty', '-m', subject);
    return git('rev-parse', 'HEAD');
  };
  const configure = async (section: NightlyConfig, parts: Partial<RushhourConfig> = {}) => {
    await writeConfig(folder, {
      ...tripsConfig(),
      variants: {
        service: {
          start: {
            command: [process.execPath, 'trips-service.mjs'],
            environment: { DATABASE_URL: '{databaseUrl}', PORT: '{port}' },
          },
          // Packages are found from the checkout upwards; a real service installs its own.
          source: {
            repository: 'fleet',
            ref: 'HEAD',
            build: [{ command: ['ln', '-s', path.join(PROJECT_ROOT, 'node_modules'), 'node_modules'] }],
          },
        },
      },
      nightly: section,
      ...parts,
    });
  };
  await git('init', '--quiet', '--initial-branch=main');
  for (const name of ['trips-service.mjs', 'plan-trips.mjs', 'address.mjs'])
    await cp(path.join(TRIPS, name), path.join(repository, name));
  await commit('The service as it is', { 'package-lock.json': '{ "lockfileVersion": 3 }\n' });
  await git('tag', 'v1');
  await configure(nightly);
  return { folder, repository, git, commit, configure };
}
