import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf } from '../../test/support/odd-services.ts';
import { withVariants } from './two-commits.ts';

test('a variant stands twice, at each commit, under the name that it has in the config', () => {
  const start = { command: ['serve', '--variant', '{variant}', '{port}'] };
  const other = { start: { command: ['serve'] } };
  const source = { ref: 'main', build: [{ command: ['make', '{variant}'] }] };
  const hooks = { afterReset: [{ command: ['warm', '{variant}', '{phase}'] }] };
  const loaded = configOf({ variants: { bulk: { start, source }, other }, hooks });
  const { config } = withVariants(loaded, 'bulk', { reference: 'aa', candidate: 'bb' });
  const at = (ref: string) => ({
    start: { command: ['serve', '--variant', 'bulk', '{port}'] },
    source: { ref, build: [{ command: ['make', 'bulk'] }] },
  });
  assert.deepEqual(config.variants, { reference: at('aa'), candidate: at('bb') });
  assert.deepEqual(config.hooks, { afterReset: [{ command: ['warm', 'bulk', '{phase}'] }] });
});
