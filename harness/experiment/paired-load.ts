import type { TrafficIdentity } from '../../scenarios/endpoint-traffic.ts';
import { withBottleneck, withLiveLoad } from '../live/live-load.ts';
import type { LiveReading } from '../live/live-reading.ts';
import type { LoadProgress } from '../load-generators/load-generator.ts';
import type { PairedLoadGenerator } from '../load-generators/paired-load-generator.ts';
import type { PostgresServer } from '../postgres/server.ts';
import type { MeasuredLoad } from '../result.ts';
import { planAtEach, type Traffic } from '../targets/traffic.ts';
import type { FreshTarget } from './fresh-target.ts';
import { withLoadBrake } from './load-brake.ts';
import { watchTarget } from './measure-load.ts';

/** One of the variants that are up at once. */
export interface PairedTarget {
  /** Name of the arm, unique in the pair; the tag `variant` of its samples. */
  readonly variant: string;
  readonly target: FreshTarget;
}

export interface PairedLoadOptions {
  /** Its `randomSeed` orders the turns and the slices: a seed of its own for each pair. */
  readonly traffic: Traffic;
  /** Run one after the other, on the same services and databases. */
  readonly generators: readonly PairedLoadGenerator[];
  /** An existing folder for the raw files of the pair. `LoadReport.files` of every variant are relative to it. */
  readonly folder: string;
  readonly signal: AbortSignal;
  onProgress?(generator: string, progress: LoadProgress): void;
  /** Told how it goes, about once a second. Default: nobody is. */
  onReading?(reading: LiveReading): void;
}

/**
 * The load part of one pair: each generator drives all targets in balanced turns, and around it is read what each service
 * and each database did. The loads of a variant are in the order of the generators.
 *
 * `cpu.postgresMs` is `null`: the databases share one server, whose background work is nobody's own. `cpu.generatorMs` and
 * the machine's shares are those of all targets together.
 *
 * @throws HarnessError as the generators do: BAD_OPTION when the scenario has no constant rate; LOAD_BRAKED
 */
export async function measurePairedLoad(
  server: PostgresServer,
  targets: readonly PairedTarget[],
  options: PairedLoadOptions,
): Promise<Map<string, MeasuredLoad[]>> {
  const { traffic } = options;
  const plan = planAtEach(
    traffic,
    targets.map(({ variant, target }) => ({ name: variant, baseUrl: target.service.baseUrl })),
  );
  const loads = new Map(targets.map(({ variant }) => [variant, [] as MeasuredLoad[]]));
  const signal = AbortSignal.any([options.signal, ...targets.map(({ target }) => target.service.ended)]);
  const identities: (readonly TrafficIdentity[])[] = [];
  for (const { target } of targets) identities.push(await traffic.logIn({ ...target, server }, signal));
  for (const generator of options.generators) {
    const watches = new Map(
      await Promise.all(
        targets.map(
          async ({ variant, target }) => [variant, await watchTarget(server, target, null)] as const,
        ),
      ),
    );
    const { result, bottleneck } = await withLiveLoad(
      {
        ...{ server, generator: generator.name, targets: targets.map(({ target }) => target) },
        onReading: (reading) => options.onReading?.(reading),
      },
      (onLive) =>
        withLoadBrake(server, { signal, errorLimit: traffic.errorLimit }, (order) =>
          generator.run({
            plan,
            loginPassword: traffic.loginPassword,
            identities,
            runFolder: options.folder,
            ...order,
            onProgress: (progress) => {
              onLive(progress);
              options.onProgress?.(generator.name, progress);
            },
          }),
        ),
    );
    if (result.ended !== null) throw result.ended; // half a pair says nothing
    const { reports, cpuMs, thresholds: own } = result.result;
    for (const [variant, measured] of reports) {
      const report = withBottleneck(measured, bottleneck);
      const watched = await watches.get(variant)?.end(cpuMs);
      if (watched === undefined) continue;
      const thresholds = own?.get(variant) ?? traffic.judge(report);
      loads.get(variant)?.push({ report, ...watched, thresholds });
    }
  }
  return loads;
}
