import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LoadedConfig } from '../config/loaded-config.ts';
import { countOf } from '../quantity.ts';
import type { Parts } from './parts.ts';
import { findTodos } from './todos.ts';

/** The config itself, which is known to be sound, and what `init` has left open in it. */
export async function tryConfigFile(parts: Parts, { file, config }: LoadedConfig): Promise<void> {
  const variants = Object.keys(config.variants);
  await parts.try({ name: 'config', label: 'config', remedy: 'Mend the config.' }, [], async () => ({
    value: null,
    detail: `${config.name}, ${countOf(variants.length, 'variant')}: ${variants.join(', ')} (${file})`,
  }));
  await parts.try({ name: 'todos', label: 'TODOs', remedy: 'Fill them in.' }, [], async () => {
    const todos = findTodos(await readFile(file, 'utf8'));
    if (todos.length === 0) return { value: null, detail: 'none are left' };
    return {
      value: null,
      status: 'warning',
      detail: `${countOf(todos.length, 'place')} to fill in\n${todos
        .map(({ line, text }) => `${path.basename(file)}:${line} ${text}`)
        .join('\n')}`,
      remedy: 'Fill them in and remove the comments; what follows shows which of them matter.',
    };
  });
}
