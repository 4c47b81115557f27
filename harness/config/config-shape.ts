import type { z } from 'zod';
import { gotAt, gotText, mismatch, type Place, type Problem } from './config-problem.ts';
import { configSchema } from './config-schema.ts';
import { refusedMember } from './refused-members.ts';
import { namesToChoose } from './similar-name.ts';

/** What is wrong with each member by itself. */
export function shapeProblems(config: unknown): Problem[] {
  return (configSchema.safeParse(config).error?.issues ?? []).flatMap((issue) => problemsOf(config, issue));
}

function problemsOf(config: unknown, issue: z.core.$ZodIssue): Problem[] {
  const place = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((name) => unknownMember([...place, name], name, issue.message.split(' ')));
  if (issue.code === 'invalid_key')
    return [mismatch(place, issue.issues[0]?.message ?? 'another name', `the name ${gotText(place.at(-1))}`)];
  return [mismatch(place, issue.message, gotAt(config, place))];
}

function unknownMember(place: Place, name: string, known: readonly string[]): Problem {
  return { place, text: refusedMember(name) ?? `unknown member${namesToChoose(name, known)}` };
}
