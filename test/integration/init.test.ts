import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { execa } from 'execa';
import { EXIT } from '../../harness/errors.ts';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import { digestContent } from '../../harness/postgres/content-digest.ts';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { rushhour, scratchFolder } from '../support/command.ts';
import {
  createTestDatabase,
  leftoverDatabases,
  startOwnServer,
  startTestServer,
  type TestDatabase,
} from '../support/database.ts';
import {
  type ForeignService,
  PARCEL_API,
  PARCEL_SCHEMA,
  startForeignService,
} from '../support/foreign-service.ts';
import { nativePrograms, startNativeServer } from '../support/native-server.ts';

describe('rushhour init', () => {
  let server: PostgresServer;
  let database: TestDatabase;
  let service: ForeignService;

  before(async () => {
    server = await startTestServer();
    database = await createTestDatabase(server);
    await database.client.query(PARCEL_SCHEMA);
    service = await startForeignService();
  });
  after(async () => {
    await service?.close();
    await database?.drop();
    await server?.release();
  });

  const init = (cwd: string, args: readonly string[] = []) =>
    rushhour(['init', '--name', 'parcels', '--url', service.url, ...args], {
      cwd,
      env: { RUSHHOUR_INIT_DATABASE_URL: database.adminUrl },
    });

  test('writes what it has worked out of service and database, and tells the line of each TODO', async (t) => {
    const cwd = await scratchFolder(t);
    const { stdout, stderr, exitCode } = await init(cwd);
    assert.equal(exitCode, EXIT.fine, `${stderr}`);
    assert.deepEqual(await readdir(cwd), ['rushhour.config.ts']);
    const text = await readFile(path.join(cwd, 'rushhour.config.ts'), 'utf8');
    for (const found of [
      /health: '\/healthz'/,
      /form: \{ username: '\{email\}', password: '\{password\}' \}/,
      /token: 'access_token'/,
      /'ops\.parcels': \{/,
      /tools\.passwordHash\('pbkdf2-sha256', \{ iterations: 260000 \}\)/,
      /WHERE b\.state = 'received'/,
      /body: \{ depot_id: '\{depot_id\}', day: '\{day\}', mode: 'full' \}/,
      /extract: \{ plan_id: 'plan_id' \}/,
      /request: \{ path: '\/plans\/\{plan_id\}' \}/,
      /failed: \['failed'\]/,
      /unassigned/,
    ])
      assert.match(text, found);
    const told = [...String(stdout).matchAll(/^ {2}rushhour\.config\.ts:(\d+) /gm)].map((match) =>
      Number(match[1]),
    );
    assert.match(String(stdout), new RegExp(`worked out, ${told.length} left:`));
    const lines = text.split('\n');
    const todos = lines.flatMap((line, index) => (/^\s*\/\/ TODO: /.test(line) ? [index + 1] : []));
    assert.deepEqual(told, todos);
    assert.ok(told.length > 0);
    assert.match(text, /\/\/ TODO: the zone in which[^:]*: ops\.accounts\.created_at, ops\.parcels\.due_at/);
    assert.match(String(stdout), /rushhour check/);
  });

  test('writes a file that the compiler takes as it is', async (t) => {
    const cwd = await scratchFolder(t);
    await init(cwd);
    await init(cwd, ['--output', 'again.config.ts']);
    await rushhour(['init', '--name', 'bare', '--output', 'empty.config.ts'], { cwd });
    await compile(cwd);
  });

  test('names none of what is in the rows', async (t) => {
    const cwd = await scratchFolder(t);
    const { stdout, stderr } = await init(cwd);
    const all = `${stdout}${stderr}${await readFile(path.join(cwd, 'rushhour.config.ts'), 'utf8')}`;
    assert.doesNotMatch(all, /secret/i);
    assert.doesNotMatch(all, new RegExp(new URL(database.adminUrl).password));
  });

  test('changes nothing in the database and sends the service nothing but a few GETs', async (t) => {
    const cwd = await scratchFolder(t);
    const untouched = await digestContent(database.client);
    const earlier = service.asked.length;
    await init(cwd);
    assert.deepEqual(await digestContent(database.client), untouched);
    const asked = service.asked.slice(earlier);
    assert.ok(asked.length > 1 && asked.length <= 25, asked.join(', '));
    for (const request of asked) assert.match(request, /^GET /);
  });

  test('looks at a database that may only be read, as one of a standby', async (t) => {
    const cwd = await scratchFolder(t);
    const { name } = database;
    await database.client.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    try {
      const { exitCode, stderr } = await init(cwd);
      assert.equal(exitCode, EXIT.fine, `${stderr}`);
      assert.match(await readFile(path.join(cwd, 'rushhour.config.ts'), 'utf8'), /'ops\.parcels'/);
    } finally {
      await database.client.query('SET default_transaction_read_only = off');
      await database.client.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    }
  });

  test('reads a schema and an API from files, where neither service nor database runs', async (t) => {
    const cwd = await scratchFolder(t);
    const own = await startOwnServer();
    t.after(() => own.remove());
    await mkdir(path.join(cwd, 'db'));
    await writeFile(path.join(cwd, 'db', 'schema.sql'), PARCEL_SCHEMA);
    await writeFile(path.join(cwd, 'openapi.json'), JSON.stringify(PARCEL_API));
    const files = ['--openapi-file', 'openapi.json', '--schema-file', 'db/schema.sql'];
    const { stderr, exitCode } = await rushhour(['init', '--name', 'parcels', ...files], {
      cwd,
      env: { RUSHHOUR_CACHE: own.cache },
    });
    assert.equal(exitCode, EXIT.fine, `${stderr}`);
    const text = await readFile(path.join(cwd, 'rushhour.config.ts'), 'utf8');
    for (const found of [
      /from the API in openapi\.json and the schema in db\/schema\.sql \(PostgreSQL/,
      /health: '\/healthz'/,
      /schema: \[\{ file: 'db\/schema\.sql' \}\]/,
      /'ops\.parcels': \{/,
      /WHERE b\.state = 'received'/,
      /request: \{ path: '\/plans\/\{plan_id\}' \}/,
    ])
      assert.match(text, found);
    assert.deepEqual(await leftoverDatabases(own.server), []);
    await compile(cwd);
  });

  test('tells the line of a schema file that PostgreSQL refuses, and leaves no database behind', async (t) => {
    const cwd = await scratchFolder(t);
    const own = await startOwnServer();
    t.after(() => own.remove());
    await writeFile(
      path.join(cwd, 'schema.sql'),
      'CREATE TABLE depot (id int);\nCREATE TABLE oops (id nonsense);',
    );
    const { stderr, exitCode } = await rushhour(
      ['init', '--name', 'parcels', '--schema-file', 'schema.sql'],
      {
        cwd,
        env: { RUSHHOUR_CACHE: own.cache },
      },
    );
    assert.equal(exitCode, EXIT.usage);
    assert.match(String(stderr), /--schema-file\[0\] \(schema\.sql\), line 2: PostgreSQL says: .*nonsense/);
    assert.deepEqual(await readdir(cwd), ['schema.sql']);
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });

  test('refuses to replace a file, and replaces it with --force', async (t) => {
    const cwd = await scratchFolder(t);
    const file = path.join(cwd, 'rushhour.config.ts');
    await writeFile(file, 'mine');
    const earlier = service.asked.length;
    const refused = await init(cwd);
    assert.equal(refused.exitCode, EXIT.refused);
    assert.match(
      String(refused.stderr),
      /rushhour\.config\.ts is there already\. Nothing was written\.\n {2}→ .*--force/,
    );
    assert.equal(await readFile(file, 'utf8'), 'mine');
    assert.equal(service.asked.length, earlier);
    assert.equal((await init(cwd, ['--force'])).exitCode, EXIT.fine);
    assert.match(await readFile(file, 'utf8'), /satisfies RushhourConfig/);
  });

  test('writes the schema beside it where pg_dump is installed, and the schema makes the same tables', async (t) => {
    const programs = await nativePrograms(15);
    if (!programs) return t.skip('PostgreSQL 15 is not installed');
    const cwd = await scratchFolder(t);
    const native = await startNativeServer(programs);
    t.after(() => native.remove());
    const original = await createTestDatabase(native.server);
    await original.client.query(PARCEL_SCHEMA);
    const { exitCode, stderr } = await rushhour(['init', '--name', 'parcels', '--schema'], {
      cwd,
      env: {
        RUSHHOUR_INIT_DATABASE_URL: original.adminUrl,
        PATH: `${programs}${path.delimiter}${process.env.PATH}`,
      },
    });
    assert.equal(exitCode, EXIT.fine, `${stderr}`);
    const copy = await createTestDatabase(native.server);
    await copy.client.query(await readFile(path.join(cwd, 'schema.sql'), 'utf8'));
    await copy.client.query('RESET search_path');
    const digests = await Promise.all([original, copy].map(({ client }) => digestContent(client)));
    assert.equal(digests[1]?.schema, digests[0]?.schema);
    assert.match(
      await readFile(path.join(cwd, 'rushhour.config.ts'), 'utf8'),
      /schema: \[\{ file: 'schema\.sql' \}\]/,
    );
    await original.drop();
    await copy.drop();
  });
});

/** With the settings that a project of one's own would have. */
async function compile(folder: string): Promise<void> {
  await mkdir(path.join(folder, 'node_modules'));
  const compilerOptions = {
    ...{ target: 'ES2023', lib: ['ES2023'], module: 'NodeNext', moduleResolution: 'NodeNext', strict: true },
    ...{
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      allowImportingTsExtensions: true,
      noEmit: true,
    },
    ...{
      skipLibCheck: true,
      types: ['node'],
      typeRoots: [path.join(PROJECT_ROOT, 'node_modules', '@types')],
    },
  };
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const tsc = path.join(PROJECT_ROOT, 'node_modules', '.bin', 'tsc');
  const { exitCode, stdout } = await execa(tsc, ['-p', folder], { reject: false });
  assert.equal(exitCode, 0, stdout);
}
