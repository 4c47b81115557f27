/** A step with readings, on whatever stderr is: started in a pseudo-terminal by a test. */
import { setTimeout as sleep } from 'node:timers/promises';
import { terminalProgress } from '../../harness/commands/terminal-progress.ts';

const progress = terminalProgress();
await progress.step('k6 load', async () => {
  for (const requests of [1_001, 2_002, 3_003]) {
    progress.reading?.({
      load: {
        ...{ generator: 'k6', stage: 'steady', elapsedMs: 1_000, leftMs: 5_000 },
        ...{ askedPerSecond: 40, achievedPerSecond: 40 },
        traffic: { requests, errors: 0, dropped: 0, p50Ms: 4, p95Ms: 9 },
      },
    });
    await sleep(600); // drawn four times a second
  }
});
