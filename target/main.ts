import { readConfig, type ServiceConfig } from './environment.ts';
import { describeError, logToStderr } from './log.ts';
import { type Service, startService } from './service.ts';

/** Process entry: `main.ts --variant NAME`. Prints one JSON line when it listens; see README.md for the environment. */
async function main(): Promise<void> {
  const config = configOrExit();
  const service = await startService(config, logToStderr);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopOnce(service));
  const listening = { event: 'listening', url: service.url, variant: config.variant.name };
  process.stdout.write(`${JSON.stringify(listening)}\n`);
}

function configOrExit(): ServiceConfig {
  try {
    return readConfig(process.argv.slice(2), process.env);
  } catch (error) {
    logToStderr('error', 'the service cannot start', describeError(error));
    process.exit(2);
  }
}

let stopping = false;

/** A second signal, from an impatient person or a process group, must not cut the first one's work short. */
async function stopOnce(service: Service): Promise<void> {
  if (stopping) return;
  stopping = true;
  const finished = await service.stop();
  if (!finished) logToStderr('warning', 'stopped before all work had ended');
  process.exit(0);
}

main().catch((error: unknown) => {
  logToStderr('error', 'the service cannot start', describeError(error));
  process.exit(1);
});
