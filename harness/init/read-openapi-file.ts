import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { HarnessError, messageOf } from '../errors.ts';
import { describedHealth } from './ask-service.ts';
import type { ServiceFacts } from './config-facts.ts';
import { readOpenApi } from './openapi.ts';

/** Of a file that could not be opened, the end of a sentence. */
export function unreadable(error: unknown): string {
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return isMissing ? 'which is not there' : `which cannot be read: ${messageOf(error)}`;
}

/** What a file says of a service that nobody asks. @throws HarnessError BAD_OPTION when it cannot be read or is no OpenAPI 3 in JSON */
export async function readOpenApiFile(file: string): Promise<ServiceFacts> {
  const wrong = (got: string, cause?: unknown) =>
    new HarnessError(
      'BAD_OPTION',
      `--openapi-file: expected an OpenAPI 3 document in JSON, got ${file}, ${got}.`,
      { cause, hint: 'Many services write theirs: FastAPI by app.openapi(), others at /openapi.json.' },
    );
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw wrong(unreadable(error), error);
  });
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw wrong('which is no JSON', error);
  }
  const api = readOpenApi(document);
  if (!api) throw wrong('which is none');
  const health = describedHealth(api)[0] ?? null;
  return { baseUrl: null, api, apiPath: path.basename(file), health, notes: [] };
}
