/** What an installation of k6 is doing. `build` is `go install`. */
export type InstallStep = 'wait' | 'download' | 'verify' | 'unpack' | 'build' | 'place';

export interface InstallProgress {
  readonly step: InstallStep;
  /** What is being worked on: a file, a Go module, a package. */
  readonly detail: string;
  /** Part of this step that is done, 0–1; `null` when nobody can know. */
  readonly fraction: number | null;
  /** Since the installation began. */
  readonly elapsedMs: number;
}

export type ReportStep = (step: InstallStep, detail: string, fraction?: number | null) => void;

/** Adds the elapsed time to what the steps report. */
export function progressReporter(onProgress: ((progress: InstallProgress) => void) | undefined): ReportStep {
  const startedMs = performance.now();
  return (step, detail, fraction = null) =>
    onProgress?.({ step, detail, fraction, elapsedMs: performance.now() - startedMs });
}
