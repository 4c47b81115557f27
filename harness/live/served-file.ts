/** Which file of a folder an address names, if it may be shown. */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.ndjson': 'application/x-ndjson; charset=utf-8',
  '.jsonl': 'application/x-ndjson; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.sql': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.gz': 'application/gzip',
};

export interface ServedFile {
  readonly file: string;
  readonly type: string;
  readonly bytes: number;
}

/**
 * The path inside the folder that an address asks for, not yet looked for; a folder's is that of its page. Pure.
 * @returns `null` for what leads out of the folder, hides, or is no address
 */
export function pathInFolder(address: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(address.split(/[?#]/, 1)[0] ?? '');
  } catch {
    return null;
  }
  if (!decoded.startsWith('/') || /[\\\0]/.test(decoded)) return null;
  const parts = decoded.slice(1).split('/');
  // Also `..`, and what is not for others: `.git`, `.env`.
  if (parts.some((part) => part.startsWith('.'))) return null;
  return decoded.endsWith('/') ? `${decoded.slice(1)}index.html` : decoded.slice(1);
}

/** `null` for what is not there, is no file, or lies elsewhere by a symbolic link. */
export async function findServedFile(root: string, address: string): Promise<ServedFile | null> {
  const inside = pathInFolder(address);
  if (inside === null) return null;
  try {
    const top = await realpath(root);
    const file = await realpath(path.join(top, inside));
    if (!file.startsWith(top + path.sep)) return null;
    const found = await stat(file);
    if (!found.isFile()) return null;
    const type = TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream';
    return { file, type, bytes: found.size };
  } catch {
    return null;
  }
}
