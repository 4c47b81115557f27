import { stat } from 'node:fs/promises';
import path from 'node:path';
import { placedCommands } from './config-commands.ts';
import { mismatch, type Place, type Problem } from './config-problem.ts';
import { isObject } from './schema-words.ts';
import type { SoundPart } from './sound-part.ts';

type Kind = 'a file' | 'a folder';

/** Files, folders and repositories of a config that are not there, seen from its folder. */
export async function fileProblems(config: SoundPart, folder: string): Promise<Problem[]> {
  const named = [...sqlFiles(config), ...scripts(config), ...commandFolders(config)];
  const missing = named.map(({ place, file, kind }) => missingProblem(place, kind, file, folder));
  const repositories = Object.entries(config.variants ?? {}).flatMap(([name, variant]) =>
    variant?.source
      ? [repositoryProblem(['variants', name, 'source'], variant.source.repository, folder)]
      : [],
  );
  return (await Promise.all([...missing, ...repositories])).filter((problem) => problem !== null);
}

interface Named {
  readonly place: Place;
  readonly file: string;
  readonly kind: Kind;
}

function sqlFiles({ login, dataset, dispatch, outcome, variants }: SoundPart): Named[] {
  const complete = dispatch?.complete;
  const texts: [Place, unknown][] = [
    [['login', 'accounts', 'sql'], login && 'accounts' in login ? sqlOf(login.accounts) : undefined],
    [['dispatch', 'offers', 'sql'], sqlOf(dispatch?.offers)],
    [['dispatch', 'complete', 'sql'], sqlOf(complete)],
    [['dispatch', 'rows'], dispatch?.rows],
    [['dispatch', 'drivers'], dispatch?.drivers],
    [['outcome', 'sql'], outcome?.sql],
    ...steps(['dataset', 'schema'], dataset?.schema),
    ...steps(['dataset', 'seed'], dataset && 'seed' in dataset ? dataset.seed : undefined),
    ...Object.entries(variants ?? {}).flatMap(([name, variant]) => [
      ...steps(['variants', name, 'migration', 'up'], variant?.migration?.up),
      ...steps(['variants', name, 'migration', 'down'], variant?.migration?.down),
    ]),
  ];
  return texts.flatMap(([place, text]) =>
    isObject(text) && typeof text.file === 'string'
      ? [{ place: [...place, 'file'], file: text.file, kind: 'a file' as const }]
      : [],
  );
}

function sqlOf(value: unknown): unknown {
  return isObject(value) ? value.sql : undefined;
}

function steps(list: Place, given: readonly unknown[] | undefined): [Place, unknown][] {
  return (given ?? []).map((step, position) => [[...list, position], step]);
}

function scripts({ scenarios }: SoundPart): Named[] {
  return Object.entries(scenarios ?? {}).flatMap(([name, scenario]) =>
    scenario && 'k6' in scenario && scenario.k6 !== undefined
      ? [{ place: ['scenarios', name, 'k6'], file: scenario.k6, kind: 'a file' as const }]
      : [],
  );
}

function commandFolders(config: SoundPart): Named[] {
  return placedCommands(config).flatMap(({ place, command, inCheckout }) =>
    command.folder === undefined || inCheckout
      ? []
      : [{ place: [...place, 'folder'], file: command.folder, kind: 'a folder' as const }],
  );
}

async function missingProblem(
  place: Place,
  kind: Kind,
  file: string,
  folder: string,
): Promise<Problem | null> {
  const absolute = path.resolve(folder, file);
  const found = await kindOf(absolute);
  return found === kind
    ? null
    : mismatch(place, `${kind} that exists`, `'${file}'${seenFrom(file, folder)}, where there is ${found}`);
}

/** Whether a folder, or one around it, is a git repository: with a work tree or bare. Its commits are looked up when it is built. */
async function repositoryProblem(
  source: Place,
  repository: string | undefined,
  folder: string,
): Promise<Problem | null> {
  const start = path.resolve(folder, repository ?? '.');
  const place = [...source, 'repository'];
  if ((await kindOf(start)) !== 'a folder')
    return mismatch(
      place,
      'the folder of a git repository',
      `'${repository}'${seenFrom(repository ?? '', folder)}, where there is ${await kindOf(start)}`,
    );
  for (let at = start; ; at = path.dirname(at)) {
    if ((await kindOf(path.join(at, '.git'))) !== 'nothing') return null;
    const isBare =
      (await kindOf(path.join(at, 'HEAD'))) === 'a file' &&
      (await kindOf(path.join(at, 'objects'))) === 'a folder';
    if (isBare) return null;
    if (at === path.dirname(at)) break;
  }
  return mismatch(
    place,
    'the folder of a git repository',
    repository === undefined
      ? "nothing, and the config's own folder is in none"
      : `'${repository}', which is in none`,
  );
}

function seenFrom(file: string, folder: string): string {
  return path.isAbsolute(file) ? '' : ` in ${folder}`;
}

async function kindOf(file: string): Promise<Kind | 'nothing'> {
  const found = await stat(file).catch(() => null);
  if (found === null) return 'nothing';
  return found.isDirectory() ? 'a folder' : 'a file';
}
