/** Stand-ins for what an installation of k6 meets: a release server, a `k6`, a `go`, a PATH that holds only them. */
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { execa } from 'execa';
import { CHECKSUMS_FILE, releaseAsset } from '../../harness/load-generators/k6-release.ts';
import { findOnPath } from '../../harness/machine/executable-path.ts';

/** A folder of the test's own. */
export async function scratchFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'rushhour k6 '));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function writeScript(file: string, ...lines: string[]): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, ['#!/bin/sh', ...lines, ''].join('\n'));
  await chmod(file, 0o755);
  return file;
}

/** A program that answers `version` as k6 does. */
export function k6Script(file: string, version = '1.8.1'): Promise<string> {
  return writeScript(file, `echo "k6 v${version} (commit/0123456789, go1.26.8, linux/amd64)"`);
}

/** A folder for PATH with links to the named programs of this machine and nothing else: no k6, no Go. */
export async function pathWith(folder: string, programs: readonly string[]): Promise<string> {
  const bin = path.join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  for (const name of programs) {
    const [found] = await findOnPath(name, process.env);
    if (found) await symlink(found, path.join(bin, name));
  }
  return bin;
}

export const UNPACKERS = ['tar', 'gzip'];

export interface ReleaseFiles {
  readonly archiveName: string;
  readonly archive: Buffer;
  readonly checksums: string;
}

/** A release as k6 publishes it, for this platform, with a script in the place of the program. */
export async function packRelease(folder: string, version = '1.8.1'): Promise<ReleaseFiles> {
  const asset = releaseAsset();
  if (!asset) throw new Error(`k6 publishes nothing for ${process.platform}-${process.arch}`);
  const content = path.join(folder, 'release');
  await k6Script(path.join(content, asset.program), version);
  const file = path.join(folder, asset.archive);
  // -a: the kind of archive follows from its name, zip on macOS
  await execa('tar', ['-caf', file, '-C', content, path.dirname(asset.program)]);
  const archive = await readFile(file);
  return { archiveName: asset.archive, archive, checksums: checksumsOf(asset.archive, archive) };
}

/** As `sha256sum *` writes it. */
export function checksumsOf(name: string, archive: Buffer): string {
  const sha256 = createHash('sha256').update(archive).digest('hex');
  return `${'0'.repeat(64)}  k6-v1.8.1-linux-amd64.deb\n${sha256}  ${name}\n`;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface ReleaseServer {
  readonly url: string;
  /** Names of the files asked for, in order. */
  readonly asked: string[];
}

/** Serves files by name on loopback; everything else is 404. */
export async function serve(t: TestContext, answers: Record<string, Answer>): Promise<ReleaseServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = path.posix.basename(request.url ?? '');
    asked.push(name);
    const answer = answers[name];
    if (answer) answer(request, response);
    else response.writeHead(404).end('not here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1.8.1`, asked };
}

export function whole(content: Buffer | string): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': Buffer.byteLength(content) }).end(content);
  };
}

/** Both files of a release, with overrides. */
export function serveRelease(
  t: TestContext,
  release: ReleaseFiles,
  overrides: { checksums?: Answer; archive?: Answer } = {},
): Promise<ReleaseServer> {
  return serve(t, {
    [CHECKSUMS_FILE]: overrides.checksums ?? whole(release.checksums),
    [release.archiveName]: overrides.archive ?? whole(release.archive),
  });
}

/** Every file below a folder, relative to it, sorted. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** Every name right inside a folder of the cache: an installation that ended leaves at most the version's folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort();
}
