import { fileURLToPath } from 'node:url';
import { HarnessError, messageOf } from '../errors.ts';

/** What went wrong while a config was loaded, with the file and the line in which it did. */
export function loadFailure(file: string, error: unknown): HarnessError {
  if (error instanceof HarnessError) return error;
  const message = messageOf(error);
  // esbuild: "Transform failed with 1 error:\n/folder/file.ts:4:2: ERROR: Expected …"
  const syntax = /^(.+):(\d+):(\d+): ERROR: (.*)$/m.exec(message);
  if (syntax) {
    const [, at, line, column, reason] = syntax;
    const hint = /top-level await/i.test(reason ?? '') ? AWAITS : CORRECT;
    return failure(`${at}:${line}:${Number(column) + 1} cannot be read: ${reason}`, hint, error);
  }
  const [firstLine = ''] = message.split('\n');
  const place = thrownAt(error) ?? file;
  if (/Cannot find (module|package) '(rushhour\/config|rushhour)'/.test(firstLine))
    return failure(`${place} imports rushhour/config, which is not installed there.`, TYPES_ONLY, error);
  if (/Cannot find (module|package)/.test(firstLine))
    return failure(
      `${file} cannot be loaded: ${firstLine}.`,
      'Install it beside the config, or correct the path.',
      error,
    );
  const name = error instanceof Error ? error.name : `a ${typeof error}`;
  return failure(`${place} has thrown ${name} while it was loaded: ${firstLine}`, CORRECT, error);
}

/** As `loadFailure`, of a JSON file. The engine quotes the text around the place: that is left out, since it may hold a secret. */
export function jsonFailure(file: string, text: string, error: unknown): HarnessError {
  const message = messageOf(error);
  const position = jsonPosition(message, text);
  const reason = message
    .replace(/,? ?(\.\.\.)?"[\s\S]*is not valid JSON$/, '')
    .replace(/ in JSON at position.*/s, '');
  const before = text.slice(0, position ?? 0).split('\n');
  const line = position === undefined ? '' : `:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  return failure(
    `${file}${line} is not JSON: ${reason}`,
    'JSON has no comments and no commas after the last member; a .ts file may.',
    error,
  );
}

const CORRECT = 'Correct it there; a config is loaded before anything else is done.';
const AWAITS = 'Name the file .mts, or export an async function that returns the config.';
const TYPES_ONLY =
  "Import types only: `import type { RushhourConfig } from 'rushhour/config'` is gone when the config runs.";

function failure(message: string, hint: string, cause: unknown): HarnessError {
  return new HarnessError('BAD_CONFIG', message, { hint, cause });
}

/** `/folder/file.ts:4:7` of the innermost call that is neither Node's nor a package's. */
function thrownAt(error: unknown): string | undefined {
  const frames =
    error instanceof Error
      ? (error.stack ?? '').matchAll(/(?<=[\s(])((?:file:\/\/)?\/[^\s()?]+)(?:\?[^\s():]*)?:(\d+):(\d+)/g)
      : [];
  for (const [, at = '', line, column] of frames) {
    const path = at.startsWith('file:') ? fileURLToPath(at) : at;
    if (!path.includes('/node_modules/')) return `${path}:${line}:${column}`;
  }
  return undefined;
}

/** V8 tells either the position, or the text from ten characters before it on. */
function jsonPosition(message: string, text: string): number | undefined {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  if (message.startsWith('Unexpected end')) return text.length;
  const around = /, \.\.\."([\s\S]*)"(?:\.\.\.)? is not valid JSON$/.exec(message)?.[1];
  if (around !== undefined && text.includes(around)) return text.indexOf(around) + 10;
  const token = /^Unexpected token '?(.)/su.exec(message)?.[1];
  return token === undefined || !text.includes(token) ? undefined : text.indexOf(token);
}
