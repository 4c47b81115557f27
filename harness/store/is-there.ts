import { access } from 'node:fs/promises';

/** Whether there is a file or a folder. One that may not be looked for, since a folder above is closed, is none. */
export async function isThere(fileOrFolder: string): Promise<boolean> {
  return access(fileOrFolder).then(
    () => true,
    () => false,
  );
}
