import { chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { freePort } from '../../harness/machine/free-port.ts';
import { type PostgresServer, useServer } from '../../harness/postgres/server.ts';
import { unprivilegedUser } from '../../harness/postgres/unprivileged-user.ts';

/** Where Debian and Ubuntu keep the server programs of each major version. */
const INSTALLED = '/usr/lib/postgresql';

/** Folder of the server programs of this major version, `null` where it is not installed. */
export async function nativePrograms(major: number): Promise<string | null> {
  const folder = path.join(INSTALLED, String(major), 'bin');
  const names: string[] = await readdir(folder).catch(() => []);
  return names.includes('initdb') && names.includes('pg_ctl') ? folder : null;
}

export interface NativeServer {
  readonly server: PostgresServer;
  remove(): Promise<void>;
}

/** A server made by the installed programs in `folder`, of its own and for this test alone. Its superuser needs a password. */
export async function startNativeServer(folder: string): Promise<NativeServer> {
  const user = await unprivilegedUser();
  const account = user ? { uid: user.uid, gid: user.gid } : {};
  const home = await mkdtemp(path.join(tmpdir(), 'rushhour-native-'));
  if (user) await chown(home, user.uid, user.gid);
  const run = (program: string, args: string[]) =>
    execa(path.join(folder, program), args, {
      ...account,
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC' },
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'ignore',
    });
  const data = path.join(home, 'data');
  const password = 'hunter2-secret';
  const passwordFile = path.join(home, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user) await chown(passwordFile, user.uid, user.gid);
  const how = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', `--pwfile=${passwordFile}`];
  await run('initdb', ['-D', data, '-U', 'owner', ...how]);
  const port = await freePort();
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${home} -c fsync=off`;
  await run('pg_ctl', ['-D', data, '-l', path.join(home, 'log'), '-w', '-o', options, 'start']);
  return {
    server: await useServer(`postgres://owner:${password}@127.0.0.1:${port}/postgres`),
    remove: async () => {
      await run('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']);
      await rm(home, { recursive: true, force: true });
    },
  };
}
