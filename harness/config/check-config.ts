import { HarnessError } from '../errors.ts';
import { dataProblems } from './check-data.ts';
import { fileProblems } from './check-files.ts';
import { nightlyProblems } from './check-nightly.ts';
import { placeholderProblems } from './check-placeholders.ts';
import { trafficProblems } from './check-traffic.ts';
import { variantProblems } from './check-variants.ts';
import { type Problem, placeText, sortProblems } from './config-problem.ts';
import { shapeProblems } from './config-shape.ts';
import type { LoadedConfig } from './loaded-config.ts';
import { circularPlaces, namedServers } from './refused-members.ts';
import type { RushhourConfig } from './rushhour-config.ts';
import { notFollowing, soundPart } from './sound-part.ts';

/**
 * Checks all of a config that can be checked without a server or a service, and returns it as it is.
 *
 * @param place where it was read from; the files it names are seen from its folder
 * @throws HarnessError BAD_CONFIG that lists every problem, sorted by place
 */
export async function checkConfig(
  config: unknown,
  place: Pick<LoadedConfig, 'file' | 'folder'>,
): Promise<RushhourConfig> {
  const problems = await configProblems(config, place.folder);
  if (problems.length === 0) return config as RushhourConfig;
  const lines = problems.map((problem) => `\n  ${placeText(problem.place)}: ${problem.text}`);
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  throw new HarnessError('BAD_CONFIG', `${place.file} has ${count}:${lines.join('')}`, {
    hint: 'The members of a config are described in harness/config/rushhour-config.ts; an editor shows them through `satisfies RushhourConfig`.',
  });
}

async function configProblems(config: unknown, folder: string): Promise<Problem[]> {
  const circular = circularPlaces(config);
  if (circular.length > 0) return sortProblems(circular);
  const alone = [...shapeProblems(config), ...namedServers(config)];
  const sound = soundPart(config, alone);
  const together = [
    ...variantProblems(sound),
    ...nightlyProblems(sound),
    ...dataProblems(sound),
    ...trafficProblems(sound),
    ...placeholderProblems(sound),
    ...(await fileProblems(sound, folder)),
  ];
  return sortProblems([...alone, ...notFollowing(together, alone)]);
}
