import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { HarnessError, messageOf } from '../errors.ts';

/** Reads and checks a JSON record. @throws HarnessError BAD_RESULT_FILE with what is wrong where. */
export async function parseRecord<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new HarnessError('BAD_RESULT_FILE', `Cannot read ${file}: ${messageOf(error)}`, { cause: error });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new HarnessError('BAD_RESULT_FILE', `${file} is not JSON: ${messageOf(error)}`, {
      cause: error,
      hint: 'The file was cut or edited. Results cannot be repaired; measure again.',
    });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new HarnessError(
    'BAD_RESULT_FILE',
    `${file} does not fit the schema:\n${z.prettifyError(parsed.error)}`,
    {
      hint: 'It may come from another version of rushhour; the schema is in results/schema/.',
    },
  );
}
