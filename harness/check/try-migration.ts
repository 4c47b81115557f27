import type { DataStep, VariantConfig } from '../config/rushhour-config.ts';
import { readSchemaLines } from '../postgres/content-digest.ts';
import { withAdmin } from '../postgres/server.ts';
import { type Clone, cloneTemplate } from '../postgres/templates.ts';
import { countOf } from '../quantity.ts';
import { withResources } from '../resources.ts';
import { prepareConfiguredDataset } from '../targets/configured-dataset.ts';
import { runDataSteps } from '../targets/data-steps.ts';
import { applyDatabaseSettings, setInSession } from '../targets/database-settings.ts';
import { schemaChanges } from '../week/tasks/schema-changes.ts';
import { type CheckContext, changed } from './check-context.ts';
import { type Found, given, type Tried } from './parts.ts';
import { withoutOffers } from './try-dataset.ts';
import type { VariantPlace } from './try-variant.ts';

/** The template that clones of a variant come from: the seeded one, or with its migration; and the way back on another clone. */
export async function tryMigration(context: CheckContext, place: VariantPlace): Promise<Tried<string>> {
  const { loaded, server } = context;
  const { name, ground } = place;
  const { data, seeded } = ground;
  const migration = loaded.config.variants[name]?.migration;
  if (!migration) return { part: data.part, works: data.works && { value: given(data).template } };
  const before = seeded ? await withAdmin(server, seeded.name, readSchemaLines) : [];
  return withResources((onRelease) => tryUpAndDown(context, place, { migration, before, onRelease }));
}

interface Migration {
  readonly migration: NonNullable<VariantConfig['migration']>;
  /** Definitions of the seeded database. */
  readonly before: readonly string[];
  readonly onRelease: (release: () => Promise<void>) => void;
}

async function tryUpAndDown(
  context: CheckContext,
  { name, part, ground }: VariantPlace,
  { migration, before, onRelease }: Migration,
): Promise<Tried<string>> {
  const { parts, loaded, server, shape, signal, onProgress, consentToCopy } = context;
  const upPart = part('migration-up', 'migration up', `Correct variants.${name}.migration.up.`);
  const up = await parts.try(
    upPart,
    [ground.data],
    async (): Promise<Found<{ template: string; clone: Clone }>> => {
      const known = ground.offers.works ? loaded : changed(loaded, { dispatch: withoutOffers(context) });
      const request = { variant: name, shape, signal, onProgress, consentToCopy };
      const { template } = await prepareConfiguredDataset(known, server, request);
      const clone = await cloneTemplate(server, template);
      onRelease(clone.drop);
      const changes = schemaChanges(before, await withAdmin(server, clone.name, readSchemaLines));
      const detail = changes.length === 0 ? 'the schema is as before' : firstOf(changes);
      return { value: { template, clone }, detail };
    },
  );
  const down = part('migration-down', 'migration down', `Correct variants.${name}.migration.down.`);
  if (!migration.down || migration.down.length === 0) parts.leaveOut(down, 'the config gives no way back');
  else {
    const steps = migration.down;
    await parts.try(down, [up], () => migrateBack(context, { name, steps, before, clone: given(up).clone }));
  }
  return { part: upPart, works: up.works && { value: given(up).template } };
}

interface WayBack {
  readonly name: string;
  readonly steps: readonly DataStep[];
  readonly before: readonly string[];
  readonly clone: Clone;
}

async function migrateBack(
  { loaded, server, signal, onProgress }: CheckContext,
  { name, steps, before, clone }: WayBack,
): Promise<Found<null>> {
  const settings = loaded.config.database?.settings ?? {};
  const after = await withAdmin(server, clone.name, async (client) => {
    await applyDatabaseSettings(client, clone.name, settings); // a clone does not inherit them
    await setInSession(client, settings);
    const place = { loaded, server, client, values: { variant: name }, signal, onProgress };
    await runDataSteps(steps, `variants.${name}.migration.down`, place);
    return readSchemaLines(client);
  });
  const changes = schemaChanges(before, after);
  if (changes.length === 0) return { value: null, detail: 'the schema is as it was before' };
  return {
    value: null,
    status: 'problem',
    detail: `the schema is not as it was before: ${firstOf(changes)}`,
    remedy: `Let variants.${name}.migration.down take back all that \`up\` does.`,
  };
}

const TOLD = 3;

function firstOf(changes: readonly string[]): string {
  const more = changes.length - TOLD;
  return `${changes.slice(0, TOLD).join('; ')}${more > 0 ? `; and ${countOf(more, 'change')} more` : ''}`;
}
