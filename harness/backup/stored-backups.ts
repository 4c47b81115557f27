import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { HarnessError } from '../errors.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import { readClosedMarker } from '../postgres/templates.ts';
import { isThere } from '../store/is-there.ts';
import { parseRecord } from '../store/parse-record.ts';
import { BackupRecord } from './backup-record.ts';
import { forgetDroppedBackups } from './cluster-backups.ts';

export const BACKUP_FILE = 'backup.json';

/** A backup and what of it is still there. */
export interface StoredBackup {
  readonly record: BackupRecord;
  /** Folder of the record and the dump; `null` when only the template remembers it. */
  readonly folder: string | null;
  readonly template: 'there' | 'gone' | 'on another server';
  readonly dump: 'there' | 'gone' | 'none' | 'in another results folder';
}

/** Where backups are kept. Not beside the results: `report last` means a measurement. */
export function backupsFolder(resultsRoot: string): string {
  return path.join(resultsRoot, 'backups');
}

/**
 * All backups there are, oldest first: those with a record in the results folder, and those whose template on the server
 * tells of itself, made with another results folder or by a process that was killed just before its end.
 */
export async function findBackups(server: PostgresServer, resultsRoot: string): Promise<StoredBackup[]> {
  return withAdmin(server, undefined, async (admin) => {
    const templates = await readTemplateNames(admin);
    if (server.clusterFolder !== null) await forgetDroppedBackups(server.clusterFolder, templates);
    const cluster = await readSystemIdentifier(admin);
    const recorded = await readRecords(resultsRoot);
    const backups: StoredBackup[] = await Promise.all(
      recorded.map(async ({ record, folder }) => ({
        record,
        folder,
        template: templateState(record, cluster, templates),
        dump: await dumpState(record, folder),
      })),
    );
    const known = new Set(recorded.map(({ record }) => record.template.name));
    for (const template of templates.filter((name) => !known.has(name))) {
      const record = await recordInside(server, admin, template);
      const dump = record?.dump ? 'in another results folder' : 'none';
      if (record) backups.push({ record, folder: null, template: 'there', dump });
    }
    return backups.sort((a, b) => a.record.createdAt.localeCompare(b.record.createdAt));
  });
}

/** A backup that this process has made just now: nothing of it can be gone. */
export function newBackup(record: BackupRecord, folder: string): StoredBackup {
  return { record, folder, template: 'there', dump: record.dump === null ? 'none' : 'there' };
}

/** The record that the template of this name carries inside; `null` when no template of ours has it. */
export async function readTemplateRecord(
  server: PostgresServer,
  template: string,
): Promise<BackupRecord | null> {
  return withAdmin(server, undefined, async (admin) =>
    (await readTemplateNames(admin)).includes(template) ? recordInside(server, admin, template) : null,
  );
}

/**
 * Chooses a backup by its id, the beginning of one, the name of its template, or `last`.
 * @throws HarnessError RESULT_NOT_FOUND
 */
export function chooseBackup(backups: readonly StoredBackup[], reference: string): StoredBackup {
  const matches = backups.filter(
    ({ record }) => record.id.startsWith(reference) || record.template.name === reference,
  );
  const exact = matches.find(({ record }) => record.id === reference) ?? matches[0];
  const chosen = reference === 'last' ? backups.at(-1) : exact;
  if (chosen && (matches.length <= 1 || chosen.record.id === reference || reference === 'last'))
    return chosen;
  const ids = (chosen ? matches : backups).map(({ record }) => record.id);
  throw new HarnessError(
    'RESULT_NOT_FOUND',
    chosen
      ? `"${reference}" is the beginning of ${ids.length} backups.`
      : `There is no backup "${reference}".`,
    {
      hint:
        ids.length > 0
          ? `Expected one of ${ids.slice(-5).join(', ')}.`
          : '`rushhour backup --database NAME` makes a first one; --results DIR and --server URL look elsewhere.',
    },
  );
}

export async function readSystemIdentifier(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT system_identifier::text AS id FROM pg_control_system()',
  );
  return rows[0]?.id ?? '';
}

async function readTemplateNames(admin: pg.Client): Promise<string[]> {
  const { rows } = await admin.query<{ datname: string }>(
    // Ours belong to our role: what somebody else has named like one is not even looked into.
    `SELECT datname FROM pg_database WHERE datname LIKE 'rushhour\\_bak\\_%' AND datistemplate AND NOT datallowconn
       AND pg_get_userbyid(datdba) = current_user`,
  );
  return rows.map((row) => row.datname);
}

async function readRecords(resultsRoot: string): Promise<{ record: BackupRecord; folder: string }[]> {
  const root = backupsFolder(resultsRoot);
  const records: { record: BackupRecord; folder: string }[] = [];
  for (const name of (await readdir(root).catch(() => [])).sort()) {
    const folder = path.join(root, name);
    const file = path.join(folder, BACKUP_FILE);
    // A folder without a record is what a backup has left that was killed: it is none.
    if (await isThere(file)) records.push({ record: await parseRecord(file, BackupRecord), folder });
  }
  return records;
}

/** The record that a template carries in its marker; `null` when it is not ours to open, or from another version. */
async function recordInside(
  server: PostgresServer,
  admin: pg.Client,
  template: string,
): Promise<BackupRecord | null> {
  const marker = await readClosedMarker(server, admin, template).catch(() => null);
  const parsed = BackupRecord.safeParse(marker?.purpose === 'backup' ? marker.info : null);
  return parsed.success && parsed.data.template.name === template ? parsed.data : null;
}

function templateState(
  record: BackupRecord,
  cluster: string,
  templates: readonly string[],
): StoredBackup['template'] {
  if (record.server.systemIdentifier !== cluster) return 'on another server';
  return templates.includes(record.template.name) ? 'there' : 'gone';
}

async function dumpState(record: BackupRecord, folder: string): Promise<StoredBackup['dump']> {
  if (record.dump === null) return 'none';
  return (await isThere(path.join(folder, record.dump.file))) ? 'there' : 'gone';
}
