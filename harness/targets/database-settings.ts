import pg from 'pg';
import { HarnessError } from '../errors.ts';

type Settings = Readonly<Record<string, string>>;

/**
 * Sets what the config says for all sessions that come to a database from now on. PostgreSQL keeps such settings beside the database, so
 * a clone does not inherit them.
 *
 * @param admin may be connected to any database; not inside a transaction
 * @throws HarnessError BAD_CONFIG for a setting that the server does not know, or that cannot be set for one database
 */
export async function applyDatabaseSettings(
  admin: pg.Client,
  name: string,
  settings: Settings,
): Promise<void> {
  const database = admin.escapeIdentifier(name);
  for (const [setting, value] of Object.entries(settings)) {
    await refusing(setting, value, async () => {
      await admin.query('BEGIN');
      try {
        // Lists such as search_path are read by set_config as they are in postgresql.conf; SET would take one for a single name.
        await admin.query('SELECT set_config($1, $2, true)', [setting, value]);
        await admin.query(`ALTER DATABASE ${database} SET ${quotedSetting(admin, setting)} FROM CURRENT`);
        await admin.query('COMMIT');
      } catch (error) {
        await admin.query('ROLLBACK').catch(() => {});
        throw error;
      }
    });
  }
}

/** The same for one session that is connected already. @throws HarnessError as {@link applyDatabaseSettings} */
export async function setInSession(client: pg.Client, settings: Settings): Promise<void> {
  for (const [setting, value] of Object.entries(settings))
    await refusing(setting, value, () => client.query('SELECT set_config($1, $2, false)', [setting, value]));
}

/** What a reader of the results should know of the settings. */
export function settingNotes(settings: Settings): string[] {
  return Object.entries(settings)
    .filter(([name, value]) => name.toLowerCase() === 'synchronous_commit' && value !== 'on')
    .map(
      ([name, value]) =>
        `database.settings.${name} is ${value}: commits do not wait for the disk, so what they cost is not measured`,
    );
}

/** `plpgsql.check_asserts` is two names. */
function quotedSetting(admin: pg.Client, setting: string): string {
  return setting
    .split('.')
    .map((part) => admin.escapeIdentifier(part))
    .join('.');
}

async function refusing(setting: string, value: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || /^(08|57|58)/.test(error.code ?? '')) throw error;
    throw new HarnessError(
      'BAD_CONFIG',
      `database.settings.${setting}: PostgreSQL refuses "${value}": ${error.message}.`,
      { cause: error, hint: 'Only settings that a database or a session may have can be given here.' },
    );
  }
}
