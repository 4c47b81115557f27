import { contextLine, datasetContext, runsContext } from './charts/context.ts';
import { variantStyles } from './charts/palette.ts';
import { groupsWith, mainVariants, type ReportInput, type VariantRuns, variantRuns } from './report-input.ts';

/** What the charts of one kind of measurement share: its runs, and how the variants look. */
export interface Scene {
  groups: VariantRuns[];
  styles: ReturnType<typeof variantStyles>;
  /** "6 runs a variant · dataset load: …"; empty when nothing was measured. */
  context: string;
  baseline: string;
  candidate: string;
}

/** The scene of what was measured by probes, in rounds of slices, or under load. */
export function sceneOf(input: ReportInput, measured: 'probe' | 'round' | 'loads'): Scene {
  const groups = groupsWith(variantRuns(input), measured);
  const names = input.kind === 'run' ? [input.run.variant] : input.experiment.variants;
  const main = mainVariants(input) ?? { baseline: names[0] ?? '', candidate: names[0] ?? '' };
  return {
    groups,
    styles: variantStyles(names),
    context: groups.length === 0 ? '' : contextLine(runsContext(input, groups), datasetContext(input)),
    ...main,
  };
}
