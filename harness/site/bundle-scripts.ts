import path from 'node:path';
import { fileURLToPath } from 'node:url';

const BROWSER_CODE = fileURLToPath(new URL('browser', import.meta.url));

/** The scripts of the site: `harness/site/browser/<entry>.ts` as one classic script each, which may be loaded from disk. */
export async function bundleScript(entry: 'start' | 'site' | 'live'): Promise<string> {
  // Loaded when a site is built, not when a verb starts.
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [path.join(BROWSER_CODE, `${entry}.ts`)],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
    tsconfigRaw: {},
  });
  return outputFiles[0]?.text ?? '';
}
