import { findOnPath } from '../../harness/machine/executable-path.ts';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser of `CHROMIUM_PATH`, else the first Chromium or Chrome on PATH. @throws Error that says what to do */
export async function chromiumPath(): Promise<string> {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  for (const name of BROWSERS) {
    const [found] = await findOnPath(name, process.env);
    if (found) return found;
  }
  throw new Error(`no browser: expected one of ${BROWSERS.join(', ')} on PATH, or CHROMIUM_PATH`);
}
