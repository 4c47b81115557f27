import path from 'node:path';
import type { CommandConfig, Values } from '../config/rushhour-config.ts';
import { HarnessError } from '../errors.ts';
import { rememberSecret } from '../secrets.ts';
import { childEnvironment, namesDatabase } from './child-environment.ts';
import { fillText } from './placeholders.ts';

/** A command of a config with everything filled in: nothing of it needs to be looked up any more. */
export interface PreparedCommand {
  /** Names it in messages: `variants.after.start`. */
  readonly what: string;
  readonly command: readonly string[];
  /** Absolute. */
  readonly folder: string;
  /** The whole environment. */
  readonly environment: Record<string, string>;
  /** What must not appear in any message. */
  readonly secrets: readonly string[];
}

/** What placeholders of a command stand for. */
export interface CommandValues {
  /** May be read by everybody on the machine, so in arguments too. */
  readonly open: Values;
  /** In the environment alone. */
  readonly secret: Values;
}

/** @throws HarnessError BAD_CONFIG when a placeholder is unknown, is a secret among arguments, or when another database is named */
export function prepareCommand(
  config: CommandConfig,
  options: { readonly what: string; readonly baseFolder: string; readonly values: CommandValues },
): PreparedCommand {
  const { what, values } = options;
  for (const secret of Object.values(values.secret)) rememberSecret(String(secret));
  const environment = withUsual(config, values);
  for (const [name, text] of Object.entries(environment))
    requireOurDatabase(text, `${what}.environment.${name}`);
  for (const [index, text] of config.command.entries()) requireOurDatabase(text, `${what}.command[${index}]`);
  const all = { ...values.open, ...values.secret };
  return {
    what,
    command: config.command.map((text, index) => {
      refuseSecret(text, values.secret, `${what}.command[${index}]`);
      return fillText(text, values.open);
    }),
    folder: path.resolve(options.baseFolder, config.folder ?? '.'),
    environment: {
      ...childEnvironment(),
      ...Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, fillText(text, all)])),
    },
    secrets: Object.values(values.secret).map(String),
  };
}

/** The parts of a connection string, as placeholders name them. */
export function databaseValues(databaseUrl: string): CommandValues {
  const url = new URL(databaseUrl);
  return {
    open: {
      databaseUser: decodeURIComponent(url.username),
      databaseHost: decodeURIComponent(url.hostname).replaceAll(/[[\]]/g, ''), // [::1] is an address in a URL, ::1 everywhere else
      databasePort: url.port || '5432',
      databaseName: decodeURIComponent(url.pathname.slice(1)),
    },
    secret: { databaseUrl, databasePassword: decodeURIComponent(url.password) },
  };
}

/** Whether any text of a command holds one of these placeholders. */
export function mentions(config: CommandConfig, placeholders: RegExp): boolean {
  return [...config.command, ...Object.values(config.environment ?? {})].some((text) =>
    placeholders.test(text),
  );
}

/** What a config does not ask for under another name comes under the usual one. */
function withUsual(config: CommandConfig, { open }: CommandValues): Record<string, string> {
  const usual: Record<string, string> = {};
  if (!mentions(config, /\{database(Url|Host|Port|Name)\}/)) usual.DATABASE_URL = '{databaseUrl}';
  if ('port' in open && !mentions(config, /\{(port|baseUrl)\}/)) {
    usual.HOST = '{host}';
    usual.PORT = '{port}';
  }
  return { ...usual, ...config.environment };
}

function requireOurDatabase(text: string, where: string): void {
  if (!namesDatabase(text) || /\{database(Url|Host)\}/.test(text)) return;
  throw new HarnessError(
    'BAD_CONFIG',
    `${where}: expected {databaseUrl} or its parts, got the address of a database of its own.`,
    { hint: 'Each measurement has a database of its own, whose address only the placeholders tell.' },
  );
}

function refuseSecret(text: string, secret: Values, where: string): void {
  const named = Object.keys(secret).find((name) => text.includes(`{${name}}`));
  if (named === undefined) return;
  throw new HarnessError(
    'BAD_CONFIG',
    `${where}: {${named}} is a secret, and everybody on the machine can read the arguments of a program.`,
    { hint: `Put it into \`environment\`, as in environment: { DATABASE_URL: '{${named}}' }.` },
  );
}
