/** Secrets that a test can find again, whatever way they were written down. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Ways in which a secret can be written: as it is, in a URL, in JSON, in base64. */
function formsOf(secret: string): string[] {
  const url = new URL('postgres://user@host');
  url.password = secret;
  const bytes = Buffer.from(secret);
  return [
    ...[secret, JSON.stringify(secret).slice(1, -1)],
    ...[url.password, encodeURIComponent(secret), encodeURIComponent(secret).toLowerCase()],
    ...[bytes.toString('base64'), bytes.toString('base64url')],
  ];
}

/** A bearer token of any service: the base64url of a JSON header, claims and a signature. */
const JWT = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/;

export interface SecretFinder {
  /** Names of the secrets that a text holds; `a token` for any JWT. */
  find(text: string): string[];
}

/** @param secrets what is looked for, by a name that may be printed */
export function secretFinder(secrets: Readonly<Record<string, string>>): SecretFinder {
  const forms = Object.entries(secrets).map(([name, secret]) => [name, formsOf(secret)] as const);
  return {
    find: (text) => [
      ...forms.filter(([, written]) => written.some((form) => text.includes(form))).map(([name]) => name),
      ...(JWT.test(text) ? ['a token'] : []),
    ],
  };
}

/** Every file below a folder that holds a secret, as `file: secret`; gzipped ones are looked into. */
export async function filesWithSecrets(
  folder: string,
  finder: SecretFinder,
  isLeftOut: (file: string) => boolean = () => false,
): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const found: string[] = [];
  let looked = 0;
  for (const file of files.filter((one) => !isLeftOut(one))) {
    looked += 1;
    const bytes = await readFile(file);
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    for (const name of finder.find(text)) found.push(`${file}: ${name}`);
  }
  assert.ok(looked > 0, `${folder} holds no file to look into`);
  return found;
}
