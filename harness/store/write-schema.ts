/** `npm run schema:write`: writes the published schemas again after a change of result.ts. */
import path from 'node:path';
import { PROJECT_ROOT } from '../machine/environment.ts';
import { writeDurably } from './durable-file.ts';
import { publishedSchemas } from './json-schema.ts';

for (const [name, schema] of Object.entries(publishedSchemas())) {
  const file = path.join(PROJECT_ROOT, 'results', 'schema', name);
  await writeDurably(file, `${JSON.stringify(schema, null, 2)}\n`);
  console.log(file);
}
