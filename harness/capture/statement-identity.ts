import { loadModule } from 'libpg-query';

/** Loads PostgreSQL's own scanner and parser, once. */
export async function loadStatementParser(): Promise<void> {
  await loadModule();
}
