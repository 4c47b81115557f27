import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { client, server } from '../../test/support/wire-builders.ts';
import { firstMessageOf, messageReader } from './wire-messages.ts';

type Read = readonly [type: string, body: string];

function readInPieces(bytes: Buffer, pieceBytes: number, kept: string): Read[] {
  const read: Read[] = [];
  const reader = messageReader(kept, (type, body) => read.push([type, body.toString('latin1')]));
  for (let at = 0; at < bytes.length; at += pieceBytes) reader(bytes.subarray(at, at + pieceBytes));
  return read;
}

describe('messages of a session', () => {
  const stream = Buffer.concat([
    server.parsed(),
    server.row('a row that is not kept'),
    server.complete('SELECT 1'),
    server.ready(),
  ]);
  const expected: Read[] = [
    ['1', ''],
    ['D', ''],
    ['C', 'SELECT 1\0'],
    ['Z', 'I'],
  ];

  test('are the same wherever the chunks are cut', () => {
    for (let pieceBytes = 1; pieceBytes <= stream.length; pieceBytes++)
      assert.deepEqual(readInPieces(stream, pieceBytes, 'CZ'), expected, `pieces of ${pieceBytes} bytes`);
  });

  test('without a body are complete with their header', () => {
    assert.deepEqual(readInPieces(client.sync(), 5, ''), [['S', '']]);
  });

  test('of an impossible length are an error, not a wait for ever', () => {
    const broken = Buffer.from([0x51, 0, 0, 0, 3]); // a length counts its own four bytes
    assert.throws(() => readInPieces(broken, 5, 'Q'), /impossible length 3/);
  });
});

describe('the first message of a client', () => {
  test('is not known before it has come whole', () => {
    const startup = client.startup({ user: 'app' });
    for (let bytes = 0; bytes < startup.length; bytes++)
      assert.equal(firstMessageOf(startup.subarray(0, bytes)), null);
  });

  test('opens a session with parameters; what follows it is not part of it', () => {
    const startup = client.startup({ user: 'app', replication: 'database' });
    const first = firstMessageOf(Buffer.concat([startup, client.query('SELECT 1')]));
    assert.deepEqual(first, {
      kind: 'startup',
      bytes: startup.length,
      parameters: new Map([
        ['user', 'app'],
        ['replication', 'database'],
      ]),
    });
  });

  test('asks for TLS or GSS, or cancels', () => {
    // Codes of the manual's "Message Formats": 1234 in the upper half, 5678 to 5680 in the lower.
    assert.deepEqual(firstMessageOf(client.special((1234 << 16) | 5679)), { kind: 'tls', bytes: 8 });
    assert.deepEqual(firstMessageOf(client.special((1234 << 16) | 5680)), { kind: 'gss', bytes: 8 });
    assert.deepEqual(firstMessageOf(client.special((1234 << 16) | 5678, 1, 2)), {
      kind: 'cancel',
      bytes: 16,
    });
  });

  test('may be something else, as of protocol 2 or of another protocol', () => {
    assert.equal(firstMessageOf(client.special(2 << 16))?.kind, 'unknown');
    assert.equal(firstMessageOf(Buffer.from('GET / HTTP/1.1\r\n\r\n'))?.kind, 'unknown');
    assert.equal(firstMessageOf(Buffer.from([0x16, 3, 1, 2, 0, 1]))?.kind, 'unknown'); // TLS without asking
  });
});
