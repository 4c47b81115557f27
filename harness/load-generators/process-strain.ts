import type { GeneratorStrain } from './load-generator.ts';

/** How hard a process works, from its CPU time: of the time since it was asked last. */
export function strainOf(
  cpuMs: () => number | null,
  mostProcessors: number,
  nowMs: () => number = () => performance.now(),
): () => GeneratorStrain {
  let last = { cpuMs: cpuMs(), atMs: nowMs() };
  return () => {
    const now = { cpuMs: cpuMs(), atMs: nowMs() };
    const processors =
      now.cpuMs === null || last.cpuMs === null || now.atMs <= last.atMs
        ? null
        : Math.max(0, now.cpuMs - last.cpuMs) / (now.atMs - last.atMs);
    last = now;
    return { processors, mostProcessors };
  };
}
