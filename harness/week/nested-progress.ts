import type { Progress } from '../progress.ts';

/** The steps of a task inside the task's own step: what they are at is shown in its line, and nothing of them stays. */
export function nestedProgress(update: (detail: string) => void): Progress {
  return {
    note: () => {},
    step: async (title, work) => {
      update(title);
      return work((detail) => update(`${title}: ${detail}`));
    },
  };
}
