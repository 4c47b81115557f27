import { HarnessError } from '../errors.ts';
import type { RunRecord } from '../result.ts';

/** What an experiment or a week stands on while it is measured. */
export interface Ground {
  readonly machine: string;
  readonly postgresVersion: string;
  readonly datasetDigest: string;
  readonly commit: string | null;
}

export function groundOf({ environment, dataset }: Pick<RunRecord, 'environment' | 'dataset'>): Ground {
  return {
    machine: environment.machine,
    postgresVersion: environment.postgres.version,
    datasetDigest: dataset.digest,
    commit: environment.tool.commit,
  };
}

/**
 * Two sittings make one result only when both stood on the same ground.
 *
 * @returns what differs and is only told: a warning each
 * @throws HarnessError NOT_COMPARABLE when machine, server or rows are others
 */
export function checkSameGround(earlier: Ground, now: Ground): string[] {
  const differs = [
    ...(earlier.machine === now.machine ? [] : [`the machine (${earlier.machine} then, ${now.machine} now)`]),
    ...(earlier.postgresVersion === now.postgresVersion
      ? []
      : [`PostgreSQL (${earlier.postgresVersion} then, ${now.postgresVersion} now)`]),
    ...(earlier.datasetDigest === now.datasetDigest ? [] : ['the rows of the dataset']),
  ];
  if (differs.length > 0) {
    throw new HarnessError('NOT_COMPARABLE', `--resume: since it broke off, ${differs.join(', ')} changed.`, {
      hint: 'Start a new one; what this one measured stays where it is.',
    });
  }
  return earlier.commit === now.commit
    ? []
    : [
        `Resumed with another commit of rushhour: ${earlier.commit ?? 'none'} then, ${now.commit ?? 'none'} now.`,
      ];
}
