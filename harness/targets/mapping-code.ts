import { hashOfSources } from '../machine/source-hash.ts';

/** What turns entities into rows of another schema; the generators themselves are all of seed/. */
const OURS = ['column-text.ts', 'load-mapped-rows.ts', 'local-time.ts', 'mapped-rows.ts', 'mapping-tools.ts'];

/** 8 hexadecimal digits of the code that makes mapped rows. */
export function mappingCodeHash(): Promise<string> {
  return hashOfSources(['seed', ...OURS.map((name) => `harness/targets/${name}`)]);
}
