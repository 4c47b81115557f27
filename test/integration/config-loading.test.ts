import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { execa } from 'execa';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** As bin/rushhour.js does it: the loader is registered, then TypeScript is imported. The test runner's own loader is not there. */
const LOAD = `
import { register } from 'tsx/esm/api';
register();
const { findConfig } = await import('./harness/config/load-config.ts');
const found = [];
for (const [folder, option] of JSON.parse(process.env.ASKED)) {
  try {
    const loaded = await findConfig(option ?? undefined, folder);
    found.push(loaded && { file: loaded.file, name: loaded.config.name, row: loaded.config.dataset.rows.firm.row({ id: 7 }) });
  } catch ({ code, message, hint }) {
    found.push({ code, message, hint });
  }
}
console.log(JSON.stringify(found));`;

const REST = `
  service: { health: '/health' },
  dispatch: { offers: [{ day: 1 }], request: { method: 'POST', path: '/plan/{day}' }, complete: { by: 'response' }, rows: 'SELECT 1' },
  outcome: { sql: 'SELECT 1' },
  variants: { only: { start: { command: ['node', 'app.js'] } } },
`;
const DATASET = `dataset: { schema: ['SELECT 1'], rows: { firm: { from: 'companies', row: ({ id }) => ({ id }) } } },`;
const CONFIG = `export default { name: 'orders', ${DATASET} ${REST} };`;

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rushhour-config-'));
});
after(() => rm(folder, { recursive: true, force: true }));

for (const [kind, manifest] of [
  ['without a package.json', null],
  ['with one that says nothing of modules', '{}'],
  ['of CommonJS', '{ "type": "commonjs" }'],
  ['of ES modules', '{ "type": "module" }'],
] as const) {
  test(`a config outside of the checkout is loaded from a folder ${kind}, with its types and a neighbour`, async () => {
    const at = await made(kind, {
      ...(manifest === null ? {} : { 'package.json': manifest }),
      'names.ts': `export const NAME: string = 'orders';`,
      'rushhour.config.ts': `
        import type { RushhourConfig } from 'rushhour/config';
        import { NAME } from './names.ts';
        export default { name: NAME, ${DATASET} ${REST} } satisfies RushhourConfig;`,
    });
    const loaded = { file: path.join(at, 'rushhour.config.ts'), name: 'orders', row: { id: 7 } };
    // Found there, named by its folder, named by its file.
    const found = await loadAll([[at], [folder, kind], [folder, `${kind}/rushhour.config.ts`]]);
    assert.deepEqual(found, [loaded, loaded, loaded]);
  });
}

test('a folder without a config has none, unless one is named', async () => {
  const at = await made('empty', {});
  assert.deepEqual(await loadAll([[at], [at, '.']]), [
    null,
    {
      code: 'BAD_CONFIG',
      message: `--config: expected rushhour.config.{ts,mts,js,mjs,json} in ${at}, got a folder without.`,
      hint: '`rushhour init` writes one; a config of another name is named as a file.',
    },
  ]);
});

test('a function that returns a config and a promise of one are configs, and so is CommonJS', async () => {
  const at = await made('kinds', {
    'async.ts': CONFIG.replace('default {', 'default async () => ({').replace(/;$/, ');'),
    'promise.mjs': CONFIG.replace('default {', 'default Promise.resolve({').replace(/;$/, ');'),
    'common.js': CONFIG.replace('export default', 'module.exports ='),
    'module.mts': `const name = await Promise.resolve('orders');\n${CONFIG.replace(`'orders'`, 'name')}`,
  });
  const names = ['async.ts', 'promise.mjs', 'common.js', 'module.mts'];
  const found = await loadAll(names.map((name) => [at, name]));
  assert.deepEqual(
    found.map((loaded) => loaded?.name),
    names.map(() => 'orders'),
    JSON.stringify(found),
  );
});

const WRONG: readonly [file: string, text: string, message: string][] = [
  [
    'syntax.ts',
    'export default {\n  name: 1\n  service: 2,\n};',
    ':3:3 cannot be read: Expected "}" but found "service"',
  ],
  [
    'throws.ts',
    `\nthrow new TypeError('no server\\nat home');\nexport default {};`,
    ':2:7 has thrown TypeError while it was loaded: no server',
  ],
  ['text.ts', `throw 'a text';\nexport default {};`, ' has thrown a string while it was loaded: a text'],
  [
    'rejects.ts',
    `export default async () => {\n  throw new Error('no');\n};`,
    ':2:9 has thrown Error while it was loaded: no',
  ],
  ['named.ts', 'export const config = {};', ': expected a default export that is a config, got none.'],
  ['number.ts', 'export default () => 5;', ': expected a default export that is a config, got 5.'],
  ['nothing.ts', '', ': expected a default export that is a config, got an empty one.'],
  [
    'value.ts',
    `import defineConfig from 'rushhour/config';\nexport default defineConfig({});`,
    ' imports rushhour/config, which is not installed there.',
  ],
  [
    'awaits.ts',
    'export default await Promise.resolve({});',
    ':1:16 cannot be read: Top-level await is currently not supported with the "cjs" output format',
  ],
  [
    'absent.ts',
    `import x from './not-there.ts';\nexport default { x };`,
    ` cannot be loaded: Cannot find module './not-there.ts'.`,
  ],
  ['comma.json', '{\n  "name": "planted",,\n}', ':2:21 is not JSON: Expected double-quoted property name'],
  ['end.json', '{ "name":', ':1:10 is not JSON: Unexpected end of JSON input'],
  ['list.json', '[]', ': expected an object that is a config, got an empty list.'],
];

test('a config that cannot be loaded is told with its file, and its line where there is one', async () => {
  const at = await made('wrong', Object.fromEntries(WRONG.map(([file, text]) => [file, text])));
  const told = await loadAll(WRONG.map(([file]) => [at, file]));
  for (const [position, [file, , message]] of WRONG.entries())
    assert.deepEqual(
      [told[position]?.code, told[position]?.message],
      ['BAD_CONFIG', `${path.join(at, file)}${message}`],
    );
});

test('an error of a neighbour is told with the place in the neighbour', async () => {
  const at = await made('neighbour', {
    'names.ts': 'export const NAME = ;',
    'own.config.ts': `import { NAME } from './names.ts';\nexport default { name: NAME };`,
  });
  const [told] = await loadAll([[at, 'own.config.ts']]);
  assert.equal(told?.message, `${path.join(at, 'names.ts')}:1:21 cannot be read: Unexpected ";"`);
});

test('a config is not guessed: of two, of a name that is not there, of another ending', async () => {
  const at = await made('two', {
    'rushhour.config.ts': CONFIG,
    'rushhour.config.js': CONFIG,
    'own.yaml': '',
  });
  const told = await loadAll([[at], [at, 'own.ts'], [at, 'own.yaml'], [at, '']]);
  assert.deepEqual(
    told.map((each) => each?.message),
    [
      `Expected one config in ${at}, got rushhour.config.ts and rushhour.config.js.`,
      `--config: expected a file or a folder, got ${at}/own.ts, which is not there.`,
      `--config: expected a file that ends in .ts, .mts, .js, .mjs, .json, got ${at}/own.yaml.`,
      '--config: expected a file or a folder, got an empty text.',
    ],
  );
});

async function made(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const at = path.join(folder, name);
  await mkdir(at, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(at, file), text);
  return at;
}

type Asked = readonly [folder: string, option?: string];

/** In one process: the outcome of each is its config, `null`, or its error. */
async function loadAll(asked: readonly Asked[]): Promise<readonly (Record<string, unknown> | null)[]> {
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', LOAD], {
    cwd: ROOT,
    env: { ASKED: JSON.stringify(asked) },
  });
  return JSON.parse(stdout) as readonly (Record<string, unknown> | null)[];
}
