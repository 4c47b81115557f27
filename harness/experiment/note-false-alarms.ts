import type { FalseAlarms } from '../experiment-record.ts';
import { machineFingerprint } from '../machine/environment.ts';
import { appendToLedger, readLedger } from '../store/ledger.ts';
import { isSameOnSame } from './arms.ts';
import { assembleExperiment, type ExperimentState } from './assemble-experiment.ts';
import { falseAlarmsOf, ledgerEntry } from './false-alarms.ts';

/**
 * Enters a complete A/A experiment into the ledger, unless it is the confirmation of another or goes without one,
 * and says what the ledger says of this machine.
 */
export async function noteFalseAlarms(
  resultsRoot: string,
  state: ExperimentState,
  complete: boolean,
): Promise<FalseAlarms> {
  const machine = machineFingerprint();
  if (complete && state.plan.confirm && isSameOnSame(state.plan.arms) && state.plan.parts.includes('pair')) {
    const { comparisons } = assembleExperiment(state, null);
    const facts = {
      at: new Date().toISOString(),
      machine,
      commit: state.runs[0]?.run.environment.tool.commit ?? null,
    };
    const experiment = { id: state.place.id, scenario: state.plan.scenario, plan: state.plan };
    for (const comparison of comparisons)
      await appendToLedger(resultsRoot, ledgerEntry(experiment, comparison, facts));
  }
  return falseAlarmsOf(await readLedger(resultsRoot), machine);
}
