import { z } from 'zod';
import { AdviceRecord } from '../advice-record.ts';
import { BackupRecord } from '../backup/backup-record.ts';
import { ExperimentRecord } from '../experiment-record.ts';
import { NightRecord } from '../night-record.ts';
import { ProfileRecord } from '../profile-record.ts';
import { RunRecord } from '../result.ts';
import { WeekRecord } from '../week-record.ts';
import { ThinnedSamples } from './thinned-samples.ts';

/** The published schemas, by file name under `results/schema/`. */
export function publishedSchemas(): Record<string, unknown> {
  return {
    'run.v2.schema.json': z.toJSONSchema(RunRecord, { target: 'draft-2020-12' }),
    'advice.v1.schema.json': z.toJSONSchema(AdviceRecord, { target: 'draft-2020-12' }),
    'experiment.v2.schema.json': z.toJSONSchema(ExperimentRecord, { target: 'draft-2020-12' }),
    'profile.v1.schema.json': z.toJSONSchema(ProfileRecord, { target: 'draft-2020-12' }),
    'week.v1.schema.json': z.toJSONSchema(WeekRecord, { target: 'draft-2020-12' }),
    'night.v1.schema.json': z.toJSONSchema(NightRecord, { target: 'draft-2020-12' }),
    'samples-thinned.v1.schema.json': z.toJSONSchema(ThinnedSamples, { target: 'draft-2020-12' }),
    'backup.v1.schema.json': z.toJSONSchema(BackupRecord, { target: 'draft-2020-12' }),
  };
}
