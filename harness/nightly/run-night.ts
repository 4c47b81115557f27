import { randomBytes } from 'node:crypto';
import type { DatasetShape } from '../../seed/profiles.ts';
import type { HarnessError } from '../errors.ts';
import { asHarnessError } from '../experiment/run-record.ts';
import { compareWithStored } from '../history/stored-counters.ts';
import { machineFingerprint } from '../machine/environment.ts';
import type { NightRecord, NightScenario, Revision, SinceLastNight } from '../night-record.ts';
import { configDigest, configuredTarget } from '../targets/configured-target.ts';
import { type CommitContext, compareCommits, ENDING, type PublishCompared } from './compare-commits.ts';
import { isSameRevision, type LastNight, lastNightOf, movedSince } from './moved-since.ts';
import {
  besideStored,
  failedScenario,
  type MeasuredScenario,
  nightHeadline,
  scenarioOf,
  worstVerdict,
} from './night-scenario.ts';
import type { ScenarioPlan } from './plan-scenario.ts';
import { REFERENCE, withVariants } from './two-commits.ts';

export interface Night {
  readonly reference: Revision;
  readonly candidate: Revision;
  readonly branch: string | null;
  readonly plans: readonly ScenarioPlan[];
  /** The nights there were, oldest first. */
  readonly earlier: readonly NightRecord[];
  /** Nothing where no report is wanted. */
  readonly publish: PublishCompared;
}

/**
 * Measures a night: each scenario with the candidate beside the reference, then, where it moved away from the last one, the two candidates
 * beside each other. What fails is part of the record; nothing is kept but the experiments' own results.
 *
 * @throws HarnessError INTERRUPTED, REFUSED
 */
export async function runNight(context: CommitContext, night: Night): Promise<NightRecord> {
  const at = new Date().toISOString();
  const scenarios: NightScenario[] = [];
  for (const plan of night.plans) {
    const measured = await measureScenario(context, night, plan);
    scenarios.push(await besideEarlier(context, night, plan, measured));
  }
  const { config } = context.loaded;
  return {
    schema: 'rushhour.night/1',
    id: `${at.replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)}-night-${randomBytes(4).toString('hex')}`,
    at,
    origin: 'measured',
    target: config.name,
    configDigest: configDigest(config),
    branch: night.branch,
    machine: machineFingerprint(),
    reference: night.reference,
    candidate: night.candidate,
    scenarios,
    verdict: worstVerdict(scenarios.map(({ verdict }) => verdict)),
    headline: nightHeadline(scenarios),
  };
}

async function measureScenario(
  context: CommitContext,
  { reference, candidate, publish }: Night,
  plan: ScenarioPlan,
): Promise<MeasuredScenario> {
  const startedMs = performance.now();
  const wallMs = () => performance.now() - startedMs;
  context.progress.note(`  ${plan.scenario}: ${commitWords(reference)} → ${commitWords(candidate)}`);
  try {
    const commits = { reference: reference.commit, candidate: candidate.commit };
    const compared = await compareCommits(context, commits, plan, ['night', plan.scenario], publish);
    return scenarioOf(compared, wallMs());
  } catch (error) {
    return failedScenario(plan.scenario, failureOf(error, context.signal), wallMs());
  }
}

/** An interruption or a refusal ends the night: it says nothing of the candidate. */
function failureOf(error: unknown, signal: AbortSignal): HarnessError {
  signal.throwIfAborted();
  const failure = asHarnessError(error);
  if (ENDING.includes(failure.code)) throw failure;
  return failure;
}

async function besideEarlier(
  context: CommitContext,
  night: Night,
  plan: ScenarioPlan,
  measured: MeasuredScenario,
): Promise<NightScenario> {
  const { name: target } = context.loaded.config;
  const stored = compareWithStored(measured, night.earlier, { target, branch: night.branch });
  const last = lastNightOf(measured, night.earlier, { target, ...night });
  const reasons = last && measured.state === 'complete' ? movedSince(measured, stored, last) : [];
  if (!last || reasons.length === 0 || isSameRevision(last.night.candidate, night.candidate))
    return besideStored(measured, stored, null);
  context.progress.note(`  ${plan.scenario}: ${reasons.join('; ')}: asking what last night's commit says`);
  return besideStored(measured, stored, await askLastNight(context, night, plan, last));
}

/**
 * A pinned reference hides a slowdown that comes after a larger gain, so last night's commit stands in its place once more. Where that
 * cannot be asked (its commit is gone after a force push), the night stays what it is and says so.
 */
async function askLastNight(
  context: CommitContext,
  { candidate, publish }: Night,
  plan: ScenarioPlan,
  { night }: LastNight,
): Promise<SinceLastNight | null> {
  const commits = { reference: night.candidate.commit, candidate: candidate.commit };
  try {
    const compared = await compareCommits(context, commits, plan, ['since', plan.scenario], publish);
    const { verdict, headline, resultId } = scenarioOf(compared, 0);
    return { night: night.id, commit: night.candidate.commit, verdict, headline, resultId: resultId ?? '' };
  } catch (error) {
    const { message } = failureOf(error, context.signal);
    context.progress.note(`  ${plan.scenario}: last night's commit could not be asked: ${message}`);
    return null;
  }
}

/** The digest of the rows that a night works with, made if they are not there yet. @throws HarnessError */
export async function datasetDigestOf(
  { loaded, variant, server, signal, consentToCopy, progress }: CommitContext,
  commit: string,
  shape: DatasetShape,
): Promise<string> {
  const derived = withVariants(loaded, variant, { reference: commit, candidate: commit });
  const { reference } = derived.config.variants;
  const { migration: _migration, ...rowsOnly } = reference ?? {};
  const config = { ...derived.config, variants: { [REFERENCE]: rowsOnly } };
  const target = configuredTarget({ ...derived, config }, { consentToCopy });
  const { identity } = await progress.step('Dataset', (onProgress) =>
    target.prepareDataset(server, { variant: REFERENCE, shape, signal, onProgress }),
  );
  return identity.digest;
}

/** "v1.2 (3fa6c1d)", or the commit alone. */
export function commitWords({ ref, commit }: Revision): string {
  const short = commit.slice(0, 10);
  return commit.startsWith(ref) ? short : `${ref} (${short})`;
}
