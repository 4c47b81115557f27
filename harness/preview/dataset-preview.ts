/** What making a dataset would write. Types only. */

export interface DatasetPreview {
  /** In the order in which they would be made; each is found again where it is there already. */
  readonly templates: readonly TemplatePreview[];
}

export interface TemplatePreview {
  readonly name: string;
  /** Database that it is a copy of; `null` for an empty one. */
  readonly from: string | null;
  /** What is done in it, in order. */
  readonly steps: readonly PreviewStep[];
  readonly rows: readonly PlannedRows[];
}

export interface PreviewStep {
  readonly what: string;
  /** SQL as it is sent, or the program with its arguments. */
  readonly text: string;
}

export interface PlannedRows {
  readonly table: string;
  /** `null` where only the steps of the config know. */
  readonly rows: number | null;
  /** Its rows are made by a function of the config, which may leave some out or make several of one. */
  readonly estimated: boolean;
}
