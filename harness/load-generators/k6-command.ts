/** How k6 is started: files, arguments, environment. Pure. */
import type { ScenarioName } from '../../scenarios/traffic-plan.ts';
import { TREND_STATS } from './k6-summary.ts';
import type { LoadOrder } from './load-generator.ts';

/** Files of a k6 run, in the folder of the run. */
export const K6_FILES = {
  plan: 'k6-plan.json',
  config: 'k6-config.json',
  log: 'k6-log.jsonl',
  /** Written while k6 runs. */
  liveSamples: 'k6-samples.csv',
  /** What becomes of them when it has ended. */
  samples: 'k6-samples.csv.gz',
  /** Written by the scripts' handleSummary, under this name. */
  summary: 'k6-summary.json',
} as const;

/** Without these, the name of an endpoint in a CSV row would be its only tag; each further tag makes rows longer. */
const SYSTEM_TAGS = ['name', 'method', 'status', 'scenario', 'expected_response', 'error_code'];

/** However k6 is used. */
const ALWAYS = [
  'run',
  '--address=', // no REST interface: its port may be taken, and reading it would disturb the measurement
  '--quiet',
  '--no-color',
  '--no-usage-report',
  '--log-format=json',
  '--log-output=stderr',
  `--config=${K6_FILES.config}`,
  '--summary-mode=compact',
  `--summary-trend-stats=${TREND_STATS.join(',')}`,
  `--out=csv=fileName=${K6_FILES.liveSamples},timeFormat=unix_micro`,
];

/**
 * Arguments of `k6`, run in the folder of the run. Every name is relative to it: k6 splits the value of --out at commas,
 * which a folder's name may hold. No secret is among them.
 */
export function k6Arguments(scriptPath: string): string[] {
  return [
    ...ALWAYS,
    '--no-thresholds', // they still create the metrics per endpoint, but are not evaluated every two seconds
    `--system-tags=${SYSTEM_TAGS.join(',')}`,
    scriptPath,
  ];
}

/** Of a script that is not ours: its thresholds are judged by k6, and its tags are its own. */
export function k6ScriptArguments(scriptPath: string, summaryFile: string): string[] {
  return [...ALWAYS, `--summary-export=${summaryFile}`, scriptPath];
}

/**
 * The environment of k6: the given one without any K6_ variable, since K6_VUS or K6_DURATION would replace the scenarios,
 * plus what the scripts read.
 */
export function k6Environment(
  env: NodeJS.ProcessEnv,
  options: { planPath: string; loginPassword: string; identities?: LoadOrder['identities'] },
): NodeJS.ProcessEnv {
  return {
    ...withoutK6Options(env),
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    K6_NO_USAGE_REPORT: 'true',
    RUSHHOUR_PLAN: options.planPath,
    RUSHHOUR_LOGIN_PASSWORD: options.loginPassword,
    RUSHHOUR_IDENTITIES: JSON.stringify(options.identities ?? []),
  };
}

/** An environment without what would replace the options of a script. */
export function withoutK6Options(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith('K6_')));
}

/** The script of a scenario, as a URL beside this module. */
export function k6ScriptUrl(scenario: ScenarioName | 'endpoints'): URL {
  return new URL(`../../scenarios/k6/${scenario}.ts`, import.meta.url);
}
