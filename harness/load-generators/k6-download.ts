import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HarnessError, messageOf } from '../errors.ts';
import { findOnPath } from '../machine/executable-path.ts';
import { runProcess } from '../machine/process-group.ts';
import type { ReportStep } from './k6-install-progress.ts';
import {
  CHECKSUMS_FILE,
  publishedChecksum,
  type ReleaseAsset,
  releaseAsset,
  releaseUrl,
} from './k6-release.ts';

/** Silence of the server after which a download is given up. */
export const IDLE_TIME_LIMIT_MS = 30_000;
const UNPACK_TIME_LIMIT_MS = 120_000;

export interface DownloadRequest {
  /** An existing empty folder, which the caller removes. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly report: ReportStep;
  /** Default 30 s. */
  readonly idleTimeLimitMs?: number | undefined;
}

/** The program, unpacked inside the folder of the request; or why there is nothing to download, for a sentence. */
export type Acquired = { readonly program: string } | { readonly unavailable: string };

/**
 * Downloads the official k6 release and unpacks it once it matches the checksum published beside it.
 * @throws HarnessError K6_DOWNLOAD_FAILED when the archive does not match its checksum, is damaged, or cannot be
 *   written: none of these is a reason to try another way. An abort rejects with whatever was interrupted.
 */
export async function downloadK6(request: DownloadRequest): Promise<Acquired> {
  const asset = releaseAsset();
  if (!asset) {
    return { unavailable: `k6 publishes no program for ${process.platform}-${process.arch}` };
  }
  const [tar] = await findOnPath('tar', request.env);
  if (!tar) return { unavailable: 'the release cannot be unpacked: `tar` is not on PATH' };
  const base = releaseUrl(request.env);
  try {
    const expected = await fetchChecksum(base, asset, request);
    const archive = path.join(request.folder, asset.archive);
    const actual = await fetchArchive(`${base}${asset.archive}`, archive, request);
    request.report('verify', asset.archive);
    if (actual !== expected) throw checksumMismatch(`${base}${asset.archive}`, expected, actual);
    return { program: await unpack(tar, archive, asset, request) };
  } catch (error) {
    if (error instanceof Unavailable) return { unavailable: error.message };
    throw error;
  }
}

/** The release cannot be had here, and nothing is wrong with it. */
class Unavailable extends Error {}

async function fetchChecksum(base: string, asset: ReleaseAsset, request: DownloadRequest): Promise<string> {
  const url = `${base}${CHECKSUMS_FILE}`;
  request.report('download', CHECKSUMS_FILE);
  const checksums = await withIdleLimit(url, request, async (response, received) => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of bodyOf(response)) {
      received();
      text += decoder.decode(chunk, { stream: true });
    }
    return text;
  });
  const expected = publishedChecksum(checksums, asset.archive);
  if (!expected) throw new Unavailable(`${shown(url)} lists no checksum of ${asset.archive}`);
  return expected;
}

/** Streams the archive to a file and returns its SHA-256. */
async function fetchArchive(url: string, file: string, request: DownloadRequest): Promise<string> {
  const hash = createHash('sha256');
  await withIdleLimit(url, request, async (response, received) => {
    const report = byteProgress(path.basename(file), response, request.report);
    const watched = async function* () {
      for await (const chunk of bodyOf(response)) {
        received();
        hash.update(chunk);
        report(chunk.byteLength);
        yield chunk;
      }
    };
    await pipeline(watched, createWriteStream(file, { flags: 'wx' }));
  });
  return hash.digest('hex');
}

function byteProgress(detail: string, response: Response, report: ReportStep): (bytes: number) => void {
  const totalBytes = Number(response.headers.get('content-length')) || null;
  let receivedBytes = 0;
  let reported = -1;
  report('download', detail, totalBytes === null ? null : 0);
  return (bytes) => {
    receivedBytes += bytes;
    // One event a percent, or a megabyte when the length is unknown: thousands of chunks arrive.
    const mark = Math.floor(totalBytes === null ? receivedBytes / 1e6 : (100 * receivedBytes) / totalBytes);
    if (mark === reported) return;
    reported = mark;
    report('download', detail, totalBytes === null ? null : Math.min(1, receivedBytes / totalBytes));
  };
}

function bodyOf(response: Response): AsyncIterable<Uint8Array> {
  if (!response.body) throw new Unavailable(`${shown(response.url)} answered without a body`);
  return response.body;
}

/** Requests a URL and reads it, given up when the server is silent for too long. `received` says that it was not. */
async function withIdleLimit<Result>(
  url: string,
  request: DownloadRequest,
  read: (response: Response, received: () => void) => Promise<Result>,
): Promise<Result> {
  const idleLimitMs = request.idleTimeLimitMs ?? IDLE_TIME_LIMIT_MS;
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(), idleLimitMs);
  const signal = request.signal ? AbortSignal.any([request.signal, idle.signal]) : idle.signal;
  try {
    // A server that compresses on the fly would change the bytes that are checked.
    const response = await fetch(url, { signal, headers: { 'accept-encoding': 'identity' } });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Unavailable(`${shown(url)} answered ${response.status} ${response.statusText}`.trim());
    }
    return await read(response, () => timer.refresh());
  } catch (error) {
    if (request.signal?.aborted || error instanceof Unavailable) throw error;
    if (idle.signal.aborted) throw new Unavailable(`${shown(url)} was silent for ${idleLimitMs / 1000} s`);
    if (isDiskError(error)) throw writeFailed(request.folder, error);
    throw new Unavailable(`${shown(url)} cannot be had (${shown(networkReason(error))})`);
  } finally {
    clearTimeout(timer);
  }
}

async function unpack(
  tar: string,
  archive: string,
  asset: ReleaseAsset,
  request: DownloadRequest,
): Promise<string> {
  request.report('unpack', asset.archive);
  const destination = path.join(request.folder, 'unpacked');
  await mkdir(destination);
  const outcome = await runProcess({
    file: tar,
    // Root would otherwise give the files to the user ids of the machine that packed them.
    args: ['-xf', archive, '-C', destination, '--no-same-owner'],
    env: request.env,
    timeLimitMs: UNPACK_TIME_LIMIT_MS,
    signal: request.signal,
  });
  request.signal?.throwIfAborted();
  if (outcome.exitCode !== 0) {
    throw new HarnessError(
      'K6_DOWNLOAD_FAILED',
      `${tar} could not unpack ${asset.archive}, whose checksum is right: ${firstLine(outcome.output) || outcome.reason}.`,
      { hint: 'Unpack the release of k6 yourself and name the program with K6_PATH.' },
    );
  }
  return path.join(destination, ...asset.program.split('/'));
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}

const DISK_ERRORS = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'EFBIG']);

function isDiskError(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return DISK_ERRORS.has(code ?? '') && (syscall === 'write' || syscall === 'open' || syscall === 'close');
}

/** Text with URLs as it may be printed: a mirror's URL may hold a password. */
function shown(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, '//');
}

/** `fetch failed` says nothing: the reason is in the innermost cause. */
function networkReason(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause) inner = inner.cause;
  if (inner instanceof AggregateError && inner.errors.length > 0) inner = inner.errors[0];
  return messageOf(inner);
}

function checksumMismatch(url: string, expected: string, actual: string): HarnessError {
  return new HarnessError(
    'K6_DOWNLOAD_FAILED',
    `${shown(url)} does not match the SHA-256 published beside it: expected ${expected}, got ${actual}. It was deleted, not run.`,
    {
      hint: 'Try again; if it happens again, something on the way changes the file: install k6 yourself and set K6_PATH.',
    },
  );
}

function writeFailed(folder: string, cause: unknown): HarnessError {
  return new HarnessError('K6_DOWNLOAD_FAILED', `k6 cannot be written to ${folder}: ${messageOf(cause)}.`, {
    hint: 'Free some disk space, or set RUSHHOUR_CACHE to a folder with 300 MB to spare.',
    cause,
  });
}
