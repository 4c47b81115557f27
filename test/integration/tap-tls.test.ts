/** A tap on the way to a server that is reached with TLS only. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { openTap } from '../../harness/capture/tap.ts';
import { withAdmin } from '../../harness/postgres/server.ts';
import { type OwnServer, startOwnServer } from '../support/database.ts';

const FOLDER = path.resolve(import.meta.dirname, '../fixtures/tls');
const CERTIFICATE = path.join(FOLDER, 'certificate.pem');

describe('a tap to a server with TLS', () => {
  let own: OwnServer;

  before(async () => {
    own = await startOwnServer();
    const [certificate, key] = await Promise.all([
      readFile(CERTIFICATE, 'utf8'),
      readFile(path.join(FOLDER, 'key.pem'), 'utf8'),
    ]);
    await withAdmin(own.server, undefined, async (admin) => {
      // The server writes the files itself: it takes a key only from its own account, closed to others.
      const write = (text: string, file: string) =>
        admin.query(
          `COPY (SELECT line FROM unnest(string_to_array(${pg.escapeLiteral(text.trim())}, E'\\n')) line)
           TO PROGRAM 'umask 077; cat > ${file}'`,
        );
      await write(certificate, 'server.crt');
      await write(key, 'server.key');
      await admin.query('ALTER SYSTEM SET ssl = on');
      await admin.query('SELECT pg_reload_conf()');
    });
  });

  after(() => own?.remove());

  async function isEncryptedWith(parameters: string): Promise<boolean> {
    const url = own.server.adminUrl();
    const tap = await openTap({ upstream: `${url}?${parameters}` });
    const client = new pg.Client({ connectionString: tap.urlFor(url) });
    try {
      await client.connect();
      const { rows } = await client.query<{ ssl: boolean }>(
        'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
      );
      await tap.idle();
      assert.equal(tap.take().statements.length, 1);
      return rows[0]?.ssl ?? false;
    } finally {
      await client.end().catch(() => {});
      await tap.close();
    }
  }

  test('encrypts its way when the URL asks for it, and hears the session all the same', async () => {
    assert.equal(await isEncryptedWith('sslmode=disable'), false);
    assert.equal(await isEncryptedWith('sslmode=prefer'), true);
    assert.equal(await isEncryptedWith('sslmode=require'), true);
    assert.equal(await isEncryptedWith(`sslmode=verify-full&sslrootcert=${CERTIFICATE}`), true);
  });

  test('refuses a certificate that nobody it trusts has signed, when it is to verify', async () => {
    await assert.rejects(
      isEncryptedWith('sslmode=verify-full'),
      /tap cannot reach .* self-signed certificate/,
    );
  });
});
