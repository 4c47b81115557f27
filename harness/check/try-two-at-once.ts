import { randomBytes } from 'node:crypto';
import { withFreshTargets } from '../experiment/fresh-target.ts';
import { configuredTarget } from '../targets/configured-target.ts';
import type { CheckContext } from './check-context.ts';
import { given, type Part } from './parts.ts';
import type { TriedVariant } from './try-variant.ts';

const TWO: Part = {
  name: 'two-at-once',
  label: 'two at once',
  remedy:
    'Each service has to listen at its {port} and work in its {databaseUrl} alone: no fixed port, pid file, socket or queue that two of them would share.',
};

/** Whether two variants can be up at the same time, as the pairs of an experiment are: the first two, or one twice. */
export async function tryTwoAtOnce(context: CheckContext, variants: readonly TriedVariant[]): Promise<void> {
  const { parts, loaded, server, signal, onProgress, quick } = context;
  const [first] = variants;
  if (!first || quick) return;
  const second = variants[1] ?? first;
  if (first === second && loaded.config.variants[first.name]?.url !== undefined)
    return void parts.leaveOut(TWO, `${first.name} runs already, and only once`);
  await parts.try(TWO, [first.up, second.up], async () => {
    onProgress(`${first.name} and ${second.name} at once`);
    const target = configuredTarget(loaded);
    const secret = randomBytes(32).toString('hex');
    const options = [first, second].map(({ name, template }) => ({
      ...{ server, target, signal, secret, variant: name, template: given(template) },
    }));
    return withFreshTargets(options, async (places) => {
      const where = places.map(({ service, database }, index) => {
        const name = options[index]?.variant;
        return `${name} at ${service.baseUrl} in ${database.name}`;
      });
      return { value: null, detail: where.join(', ') };
    });
  });
}
