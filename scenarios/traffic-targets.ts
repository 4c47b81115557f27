/** Where a traffic plan is driven to. Pure; loaded by k6 and Node. */
import type { TrafficTarget } from './traffic-plan.ts';

/** As {@link TrafficTarget}; a target that has the traffic for itself has no name, and its samples no tag. */
export type NamedTarget = Omit<TrafficTarget, 'name'> & { readonly name: string | null };

export function targetsOf(
  plan: { readonly baseUrl: string } | { readonly targets: readonly TrafficTarget[] },
): readonly NamedTarget[] {
  return 'targets' in plan ? plan.targets : [{ name: null, baseUrl: plan.baseUrl }];
}

/** These end a tag in k6's CSV, or a tag or its value in the name of a k6 metric. */
const TAG_SYNTAX = /[,&={}"\n]/;

/** What keeps targets from sharing traffic, as sentences; empty when they can. */
export function findTargetFaults(targets: readonly TrafficTarget[]): string[] {
  const faults: string[] = [];
  if (targets.length < 2) faults.push(`it takes two targets to compare, got ${targets.length}`);
  if (new Set(targets.map(({ name }) => name)).size < targets.length)
    faults.push('two targets have one name');
  for (const { name } of targets) {
    if (name === '' || TAG_SYNTAX.test(name)) {
      faults.push(`the name of a target must hold something, and none of , & = { } ": got "${name}"`);
    }
  }
  return faults;
}
