/** A preview as it is printed. Pure. */
import { formatCount } from '../quantity.ts';
import type { PlannedRows } from './dataset-preview.ts';
import type { PlannedDatabase, Preview, ServerIdentity } from './preview.ts';

export function previewLines({ verb, server, databases, asks }: Preview): string[] {
  return [
    `What \`rushhour ${verb}\` would do:`,
    `server    ${serverWords(server)}`,
    ...databases.flatMap(databaseLines),
    ...asks.map((text) => `asks      ${text}`),
  ];
}

function serverWords({ host, port, version, systemIdentifier, role }: ServerIdentity): string {
  if (host === null) return "the embedded one, the tool's own (not started for a plan)";
  return `${host}:${port}, PostgreSQL ${version}, system identifier ${systemIdentifier ?? 'not told'}, role ${role}`;
}

function databaseLines({ name, purpose, exists, steps, rows }: PlannedDatabase): string[] {
  const there = exists === null ? '' : exists ? '; it is there already' : '; it is not there';
  return [
    `database  ${name}: ${purpose}${there}`,
    ...steps.flatMap(({ what, text }) => [
      `  ${what}`,
      ...text
        .trim()
        .split('\n')
        .map((line) => `    ${line}`),
    ]),
    ...rows.map(rowLine),
  ];
}

function rowLine({ table, rows, estimated }: PlannedRows): string {
  const count = rows === null ? 'as many as the steps write' : `${formatCount(rows)} rows`;
  return `  rows      ${table}: ${count}${estimated ? ' (estimated: one for each entity)' : ''}`;
}
