import { singular, wordsOf } from './name-words.ts';
import type { ApiDescription, ApiOperation, ApiParameter, ApiSchema } from './openapi.ts';
import { isStateName } from './state-labels.ts';

export interface DispatchFacts {
  readonly path: string;
  readonly parameters: readonly ApiParameter[];
  readonly body: ApiOperation['body'];
  /** Its first right status: 202 when it answers before it is done. */
  readonly status: number;
  /** What is asked until it is over; `null` when nothing takes an id of the answer. */
  readonly poll: PollFacts | null;
}

export interface PollFacts {
  readonly path: string;
  /** Its path parameter. */
  readonly parameter: string;
  /** Where the first answer has the value of that parameter. */
  readonly id: string;
  readonly state: string | null;
  readonly states: readonly string[];
}

const VERBS =
  /^(dispatch|run|plan|planning|optimi[sz]e|optimi[sz]ation|assign|assignment|schedule|solve|allocate|match|route)$/;
const OTHER = /^(login|token|auth|session|user|upload|webhook|import|cancel|password|payment)$/;

/** The POST that starts a dispatch: by the words of its path and name, and because it answers 202 or can be polled. */
export function findDispatch({ operations }: ApiDescription): DispatchFacts | null {
  const rated = operations
    .filter(({ method }) => method === 'POST')
    .map((operation) => {
      const poll = findPoll(operation, operations);
      return { operation, poll, score: rating(operation, poll) };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  const [best, next] = rated;
  if (!best || best.score === next?.score) return null; // a choice is the person's
  const { path, parameters, body, answers } = best.operation;
  return { path, parameters, body, status: answers[0]?.status ?? 200, poll: best.poll };
}

function rating({ path, id, answers }: ApiOperation, poll: PollFacts | null): number {
  const words = [
    ...new Set([...wordsOf(path.replace(/\{[^}]*\}/g, '')), ...wordsOf(id ?? '')].map(singular)),
  ];
  if (words.some((word) => OTHER.test(word))) return 0;
  const said = words.filter((word) => VERBS.test(word)).length;
  const jobs = words.includes('job') || words.includes('batch') ? 1 : 0;
  const late = answers.some(({ status }) => status === 202);
  if (said === 0 && !late) return 0;
  return said * 2 + jobs + (late ? 3 : 0) + (poll ? 1 : 0) + (poll?.state ? 1 : 0);
}

/** The GET whose only path parameter is an id that the answer holds, below a path that begins alike. */
function findPoll({ path, answers }: ApiOperation, operations: readonly ApiOperation[]): PollFacts | null {
  const answered = answers.find(({ schema }) => schema)?.schema;
  if (!answered) return null;
  const candidates = operations.flatMap((operation) => {
    const parameters = operation.parameters.filter(({ place }) => place === 'path');
    const [parameter] = parameters;
    if (operation.method !== 'GET' || parameters.length !== 1 || !parameter) return [];
    const before = operation.path.slice(0, operation.path.indexOf('{')).replace(/\/$/, '');
    const near = path === before || path.startsWith(`${before}/`) || before.startsWith(path);
    const id = idIn(answered, parameter.name, before.split('/').at(-1) ?? '', near);
    if (id === null) return [];
    const shown = operation.answers.find(({ schema }) => schema)?.schema ?? null;
    const state = shown ? statePath(shown) : null;
    const states = (state?.schema.values ?? []).map(String);
    const score = (near ? 2 : 0) + (state ? 2 : 0) + (path === before ? 1 : 0);
    const facts = { path: operation.path, parameter: parameter.name, id, state: state?.path ?? null, states };
    return near || state ? [{ facts, score }] : [];
  });
  return candidates.sort((a, b) => b.score - a.score)[0]?.facts ?? null;
}

/** `plan_id` for `{plan_id}`; plain `id` or the like only of a path that belongs together. */
function idIn(answered: ApiSchema, parameter: string, resource: string, near: boolean): string | null {
  const wanted = wordsOf(parameter).join();
  const names = Object.entries(answered.members).flatMap(([name, { members }]) => [
    name,
    ...Object.keys(members).map((inner) => `${name}.${inner}`),
  ]);
  const last = (name: string) => wordsOf(name.split('.').at(-1) ?? '').join();
  const same = names.find((name) => last(name) === wanted && (wanted !== 'id' || near));
  if (same || !near) return same ?? null;
  const thing = singular(wordsOf(resource).at(-1) ?? '');
  return (
    names.find((name) => last(name) === `${thing},id`) ??
    names.find((name) => /^(id|uuid|key)$/.test(last(name))) ??
    names.find((name) => last(name) === 'job,id' || last(name) === 'task,id' || last(name) === 'run,id') ??
    null
  );
}

function statePath(schema: ApiSchema): { path: string; schema: ApiSchema } | null {
  for (const [name, member] of Object.entries(schema.members))
    if (isStateName(name)) return { path: name, schema: member };
  for (const [name, { members }] of Object.entries(schema.members)) {
    const inner = Object.entries(members).find(([one]) => isStateName(one));
    if (inner) return { path: `${name}.${inner[0]}`, schema: inner[1] };
  }
  return null;
}
