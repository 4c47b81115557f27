/** The `run:` steps of a workflow, executed here in their order as GitHub's runner does: bash, files for outputs, conditions. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { removeServerFiles } from './database.ts';

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly env?: Readonly<Record<string, string>>; readonly steps: readonly Step[] }>
  >;
}

export interface RanStep {
  readonly name: string;
  readonly exitCode: number;
  readonly output: string;
}

export interface StepsToRun {
  readonly file: string;
  readonly job: string;
  /** The checkout; outputs and summary are files beside it. */
  readonly cwd: string;
  /** What the runner gives, and nothing of ours: PATH, an empty HOME. */
  readonly environment: Readonly<Record<string, string>>;
  /** Commands that stand in the place of a step's, by its name. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** @throws Error for an expression or condition that is not known here: a workflow that uses a new one needs it in this file */
export async function runSteps({
  file,
  job,
  cwd,
  environment,
  instead = {},
}: StepsToRun): Promise<RanStep[]> {
  const workflow = parse(await readFile(file, 'utf8')) as Workflow;
  const described = workflow.jobs[job];
  if (described === undefined) throw new Error(`${file} has no job ${job}`);
  const jobEnvironment = { ...workflow.env, ...described.env };
  const known = new Map([['github.workspace', cwd]]);
  const ran: RanStep[] = [];
  for (const step of described.steps) {
    const name = step.name ?? '';
    const failed = ran.some(({ exitCode }) => exitCode !== 0);
    if (step.run === undefined || !isDue(step.if, failed, known)) continue;
    const output = `${cwd}.output`;
    await writeFile(output, '');
    const declared = { ...jobEnvironment, ...step.env };
    const env = Object.fromEntries(
      Object.entries(declared).map(([key, value]) => [key, filled(String(value), known)]),
    );
    const { exitCode, all } = await execa('bash', ['-e', '-c', instead[name] ?? filled(step.run, known)], {
      cwd,
      env: { ...environment, ...env, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: `${cwd}.summary` },
      extendEnv: false,
      reject: false,
      all: true,
      stdin: 'ignore',
    });
    for (const line of (await readFile(output, 'utf8')).split('\n').filter(Boolean)) {
      const [key = '', value = ''] = line.split(/=(.*)/s);
      known.set(`steps.${step.id}.outputs.${key}`, value);
    }
    await rm(output);
    ran.push({ name, exitCode: exitCode ?? 1, output: String(all) });
  }
  // A runner is thrown away when its job has ended; here the files of its servers would stay.
  const { RUSHHOUR_CACHE: cache } = jobEnvironment;
  if (cache !== undefined) await removeServerFiles(filled(cache, known));
  return ran;
}

/** Inputs of a scheduled run, and outputs of steps that did not run, are empty. */
function filled(text: string, known: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) =>
    expressionValue(expression, known),
  );
}

function expressionValue(expression: string, known: ReadonlyMap<string, string>): string {
  if (!/^(inputs|steps|github\.workspace)\b/.test(expression))
    throw new Error(`not known here: ${expression}`);
  return known.get(expression) ?? '';
}

function isDue(condition: string | undefined, failed: boolean, known: ReadonlyMap<string, string>): boolean {
  if (condition === undefined) return !failed;
  return condition.split('&&').every((part) => {
    if (part.trim() === 'always()') return true;
    const notEmpty = /^(.+?) != ''$/.exec(part.trim())?.[1];
    if (notEmpty === undefined) throw new Error(`not known here: if ${condition}`);
    return expressionValue(notEmpty, known) !== '';
  });
}

/**
 * What a fresh runner has: programs, an empty HOME, the way to the registry that this machine uses, and what npm has fetched from it
 * before, which `cache: npm` of setup-node brings back there.
 */
export async function runnerEnvironment(home: string): Promise<Record<string, string>> {
  const npmConfig = async (name: string) => (await execa('npm', ['config', 'get', name])).stdout;
  const [registry, cache] = [await npmConfig('registry'), await npmConfig('cache')];
  const passed = [
    'http_proxy',
    'https_proxy',
    'no_proxy',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'NODE_EXTRA_CA_CERTS',
  ];
  return {
    PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
    HOME: home,
    CI: 'true',
    npm_config_registry: registry,
    npm_config_cache: cache,
    npm_config_prefer_offline: 'true',
    npm_config_audit: 'false',
    ...Object.fromEntries(passed.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    ...(process.env.K6_PATH ? { K6_PATH: process.env.K6_PATH } : {}),
  };
}
