import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { register } from 'tsx/cjs/api';
import { HarnessError, messageOf } from '../errors.ts';
import { isThere } from '../store/is-there.ts';
import { checkConfig } from './check-config.ts';
import { gotText } from './config-problem.ts';
import { rememberConfigSecrets } from './config-secrets.ts';
import { jsonFailure, loadFailure } from './load-failure.ts';
import type { LoadedConfig } from './loaded-config.ts';
import { isObject } from './schema-words.ts';

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs', '.json'];
const NAMES = EXTENSIONS.map((extension) => `rushhour.config${extension}`);
const ANY_NAME = 'rushhour.config.{ts,mts,js,mjs,json}';

/**
 * Finds, loads and checks the config of a service that is not ours: what `--config` names, a file or a folder, else the one in `folder`.
 * Resolves with `null` where none is named and none is there. Loading runs it: a config is a program of its user.
 *
 * @throws HarnessError BAD_CONFIG with file, and line where it is known
 */
export async function findConfig(option: string | undefined, folder: string): Promise<LoadedConfig | null> {
  const file = await configFile(option, path.resolve(folder));
  if (file === null) return null;
  const place = { file, folder: path.dirname(file) };
  const config = await checkConfig(await loadConfig(file), place);
  rememberConfigSecrets(config);
  return { ...place, config };
}

async function configFile(option: string | undefined, folder: string): Promise<string | null> {
  if (option === undefined) return fileIn(folder);
  if (option.trim() === '')
    throw new HarnessError('BAD_CONFIG', '--config: expected a file or a folder, got an empty text.');
  const named = path.resolve(folder, option);
  const found = await stat(named).catch((error: unknown) => {
    throw new HarnessError(
      'BAD_CONFIG',
      `--config: expected a file or a folder, got ${named}, which is not there.`,
      {
        hint: '`rushhour init` writes a config; without `--config` the one in the working folder is taken.',
        cause: error,
      },
    );
  });
  if (!found.isDirectory()) {
    if (EXTENSIONS.includes(path.extname(named))) return named;
    throw new HarnessError(
      'BAD_CONFIG',
      `--config: expected a file that ends in ${EXTENSIONS.join(', ')}, got ${named}.`,
    );
  }
  const file = await fileIn(named);
  if (file !== null) return file;
  throw new HarnessError('BAD_CONFIG', `--config: expected ${ANY_NAME} in ${named}, got a folder without.`, {
    hint: '`rushhour init` writes one; a config of another name is named as a file.',
  });
}

/** The config in a folder. Of two, neither is more right: one may be built from the other and be old. */
async function fileIn(folder: string): Promise<string | null> {
  const files = NAMES.map((name) => path.join(folder, name));
  const found = await Promise.all(files.map(isThere));
  const [first, second] = files.filter((_, position) => found[position]);
  if (first !== undefined && second !== undefined)
    throw new HarnessError(
      'BAD_CONFIG',
      `Expected one config in ${folder}, got ${path.basename(first)} and ${path.basename(second)}.`,
      {
        hint: 'Remove one, or name one with `--config`.',
      },
    );
  return first ?? null;
}

async function loadConfig(file: string): Promise<unknown> {
  if (path.extname(file) === '.json') return loadJson(file);
  const config = await importDefault(file);
  if (isObject(config) && Object.keys(config).length > 0) return config;
  const got = config === undefined ? 'none' : isObject(config) ? 'an empty one' : gotText(config);
  throw new HarnessError('BAD_CONFIG', `${file}: expected a default export that is a config, got ${got}.`, {
    hint: 'End it with `export default { … } satisfies RushhourConfig;`. A function that returns the config, or a promise of it, will do as well.',
  });
}

async function loadJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new HarnessError('BAD_CONFIG', `Cannot read ${file}: ${messageOf(error)}`, { cause: error });
  });
  try {
    const config: unknown = JSON.parse(text);
    if (isObject(config)) return config;
    throw new HarnessError(
      'BAD_CONFIG',
      `${file}: expected an object that is a config, got ${gotText(config)}.`,
    );
  } catch (error) {
    throw error instanceof HarnessError ? error : jsonFailure(file, text, error);
  }
}

/** What a config exports as its default; a function is called for it, a promise waited for. */
async function importDefault(file: string): Promise<unknown> {
  registerOnce();
  try {
    const exported = defaultOf((await import(pathToFileURL(file).href)) as Exports);
    return await (typeof exported === 'function' ? exported() : exported);
  } catch (error) {
    throw loadFailure(file, error);
  }
}

let isRegistered = false;

/** A .ts or .js outside of an ES module package is CommonJS to Node: it is required, and so are its neighbours, at any time later too. */
function registerOnce(): void {
  if (!isRegistered) register();
  isRegistered = true;
}

type Exports = Readonly<Record<string, unknown>>;

/** Of an ES module its default export, of CommonJS `module.exports` or what TypeScript made the default member of it. */
function defaultOf(exports: Exports): unknown {
  const exported = exports.default;
  return isObject(exported) && '__esModule' in exported ? exported.default : exported;
}
