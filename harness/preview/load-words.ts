import { planProbes } from '../../scenarios/probe-levels.ts';
import { scheduleTraffic } from '../../scenarios/schedule.ts';
import type { LoadGenerator } from '../load-generators/load-generator.ts';
import { countOf, formatDuration } from '../quantity.ts';
import { planAt, type Traffic } from '../targets/traffic.ts';

/** What a generator would ask at the most, in words. Pure. */
export function loadWords(name: Exclude<LoadGenerator['name'], 'scripted'>, traffic: Traffic | null): string {
  const skipped =
    traffic === null ? 'the scenario has no traffic beside its dispatches' : traffic.skipped(name);
  if (traffic === null || skipped !== null) return `nothing by ${name}: ${skipped}`;
  const plan = planAt(traffic, 'http://service');
  if ('kind' in plan && plan.kind === 'script')
    return `${name}: what the script ${plan.scenario} does, as long as it does`;
  if (name === 'autocannon')
    return `autocannon: ${countOf(planProbes(plan).levels.length, 'level')}, as many requests as are answered`;
  const { arrivals, endSeconds } = scheduleTraffic(plan);
  const iterations = arrivals.reduce((sum, { arrivals: count }) => sum + count, 0);
  return `k6: ${countOf(iterations, 'iteration')} of one or more requests, in ${formatDuration(endSeconds * 1000)}`;
}
