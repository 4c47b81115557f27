import { createRequire } from 'node:module';
import path from 'node:path';
import { PROJECT_ROOT } from '../machine/environment.ts';

/** What a config in `folder` imports `RushhourConfig` from: the package where it is found from there, else the file itself. */
export function typesLocation(folder: string): string {
  try {
    createRequire(path.join(folder, 'rushhour.config.ts')).resolve('rushhour/config');
    return 'rushhour/config';
  } catch {
    const file = path.join(PROJECT_ROOT, 'harness', 'config', 'rushhour-config.ts');
    const relative = path.relative(folder, file).split(path.sep).join('/');
    return relative.startsWith('.') ? relative : `./${relative}`;
  }
}
