import { HarnessError } from '../errors.ts';
import { type FreshTarget, type FreshTargetOptions, withFreshTarget } from '../experiment/fresh-target.ts';
import { openTap, type Tap } from './tap.ts';
import type { Transcript } from './transcript.ts';

/** A service on a fresh clone that speaks to its database through a tap. */
export interface TappedTarget extends FreshTarget {
  readonly tap: Tap;
}

/** As {@link withFreshTarget}, with a tap between service and database that hears every statement. */
export async function withTappedTarget<T>(
  options: FreshTargetOptions,
  work: (target: TappedTarget) => Promise<T>,
): Promise<T> {
  const deaf = options.target.deafTo(options.variant);
  if (deaf !== null) {
    throw new HarnessError(
      'BAD_OPTION',
      `--variant: the statements of "${options.variant}" cannot be heard: ${deaf}.`,
      {
        hint: 'Give the variant a `start` command in the config: rushhour then tells it where its database is.',
      },
    );
  }
  const tap = await openTap({ upstream: options.server.serviceUrl('postgres') });
  try {
    return await withFreshTarget({ ...options, through: tap.urlFor }, (target) => work({ ...target, tap }));
  } finally {
    await tap.close();
  }
}

/** What `work` made the service say to its database; what was said before is forgotten. */
export async function listenTo<T>(
  tap: Tap,
  work: () => Promise<T>,
): Promise<{ readonly answer: T; readonly transcript: Transcript }> {
  await tap.idle();
  tap.take();
  const answer = await work();
  await tap.idle();
  return { answer, transcript: tap.take() };
}
