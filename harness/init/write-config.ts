/** The text of a `rushhour.config.ts`: what was worked out, and a TODO where it was not. */
import type { DatabaseFacts } from './catalogue.ts';
import type { ConfigFacts, ServiceFacts } from './config-facts.ts';
import {
  type ConfigEntry,
  jsonValue,
  object,
  plain,
  quoted,
  type WrittenConfig,
  writeModule,
} from './config-tree.ts';
import { datasetSection, variantsSection } from './dataset-section.ts';
import { dispatchSection, outcomeSection } from './dispatch-section.ts';
import { endpointSections } from './endpoint-section.ts';
import { loginSection } from './login-section.ts';
import { offerFacts } from './offer-facts.ts';
import { rolesOfTables } from './roles-of-tables.ts';
import { databaseSection, serviceSection } from './service-section.ts';

export type LookedAt = Omit<ConfigFacts, 'roles' | 'offer'>;

export function writeConfig(lookedAt: LookedAt): WrittenConfig {
  const roles = lookedAt.database ? rolesOfTables(lookedAt.database.tables) : {};
  const facts: ConfigFacts = { ...lookedAt, roles, offer: offerFacts(roles) };
  const root = object([
    { name: 'name', value: plain(facts.name) },
    serviceSection(facts),
    databaseSection(facts),
    loginSection(facts),
    datasetSection(facts),
    dispatchSection(facts),
    outcomeSection(facts),
    ...endpointSections(facts),
    variantsSection(facts),
    weekOffer(),
  ]);
  return writeModule(root, headOf(facts));
}

function headOf({ typesFrom, service, database, schemaFile }: ConfigFacts): string[] {
  const seen = [
    ...(service ? [serviceSeen(service)] : []),
    ...(database ? [databaseSeen(database, schemaFile)] : []),
  ].map((text) => text.replaceAll(/\s+/g, ' '));
  const from = seen.length > 0 ? `from ${seen.join(' and ')}` : 'without having seen service or database';
  return [
    `// Written by \`rushhour init\`, ${from}.`,
    '// `rushhour check` tries every part of it. Requests and SQL take {placeholders} and :parameters: columns of the offers,',
    '// of the account that asks, and what earlier answers gave.',
    `import type { RushhourConfig } from ${quoted(typesFrom)};`,
    '',
  ];
}

function serviceSeen({ baseUrl, apiPath }: ServiceFacts): string {
  if (baseUrl === null) return `the API in ${apiPath}`;
  return `the service at ${baseUrl}${apiPath ? ` (${apiPath})` : ''}`;
}

function databaseSeen({ name, serverVersion }: DatabaseFacts, schemaFile: string | null): string {
  const what = name === null ? `the schema in ${schemaFile}` : `the database ${name}`;
  return `${what} (PostgreSQL ${serverVersion})`;
}

function weekOffer(): ConfigEntry {
  return {
    name: 'week',
    comments: ['For `rushhour week`: which variant has what.'],
    value: jsonValue({ baseline: 'baseline', indexes: 'indexes', optimised: 'indexes' }),
    offered: true,
  };
}
