/** Messages of the protocol as bytes, made here from the manual's "Message Formats" and not by the code under test. */

function message(type: string, ...fields: readonly Buffer[]): Buffer {
  const body = Buffer.concat(fields);
  return Buffer.concat([Buffer.from(type, 'latin1'), int32(4 + body.length), body]);
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

const text = (value: string) => Buffer.from(`${value}\0`);

/** What a client sends. */
export const client = {
  startup: (parameters: Readonly<Record<string, string>>) => {
    const body = Buffer.from(`${Object.entries(parameters).flat().join('\0')}\0\0`);
    return Buffer.concat([int32(8 + body.length), int32(3 << 16), body]);
  },
  special: (code: number, ...rest: readonly number[]) =>
    Buffer.concat([int32(8 + 4 * rest.length), int32(code), ...rest.map(int32)]),
  query: (sql: string) => message('Q', text(sql)),
  parse: (name: string, sql: string, types: readonly number[] = []) =>
    message('P', text(name), text(sql), int16(types.length), ...types.map(int32)),
  /** Strings are sent as text, bytes in binary, null as NULL. */
  bind: (portal: string, statement: string, parameters: readonly (string | Buffer | null)[] = []) =>
    message(
      'B',
      ...[text(portal), text(statement), int16(parameters.length)],
      ...parameters.map((value) => int16(Buffer.isBuffer(value) ? 1 : 0)),
      int16(parameters.length),
      ...parameters.map((value) =>
        value === null ? int32(-1) : Buffer.concat([int32(Buffer.from(value).length), Buffer.from(value)]),
      ),
      int16(0),
    ),
  describe: (portal = '') => message('D', Buffer.from('P'), text(portal)),
  execute: (portal = '', rowLimit = 0) => message('E', text(portal), int32(rowLimit)),
  closePortal: (portal: string) => message('C', Buffer.from('P'), text(portal)),
  closeStatement: (name: string) => message('C', Buffer.from('S'), text(name)),
  sync: () => message('S'),
  flush: () => message('H'),
  copyData: (data: string) => message('d', Buffer.from(data)),
  copyDone: () => message('c'),
  copyFail: (reason: string) => message('f', text(reason)),
  functionCall: () => message('F', int32(1), int16(0), int16(0), int16(0)),
  terminate: () => message('X'),
};

/** What a server sends. */
export const server = {
  parsed: () => message('1'),
  bound: () => message('2'),
  closed: () => message('3'),
  noData: () => message('n'),
  rowDescription: () => message('T', int16(0)),
  row: (value = 'x') => message('D', int16(1), int32(Buffer.byteLength(value)), Buffer.from(value)),
  complete: (tag: string) => message('C', text(tag)),
  suspended: () => message('s'),
  empty: () => message('I'),
  error: (sqlState: string) =>
    message('E', text('SERROR'), text(`C${sqlState}`), text('Mno'), Buffer.alloc(1)),
  notice: () => message('N', text('SNOTICE'), text('C00000'), text('Mhm'), Buffer.alloc(1)),
  notification: () => message('A', int32(1), text('channel'), text('')),
  parameterStatus: (name: string, value: string) => message('S', text(name), text(value)),
  copyIn: () => message('G', Buffer.alloc(1), int16(0)),
  copyOut: () => message('H', Buffer.alloc(1), int16(0)),
  functionResult: () => message('V', int32(-1)),
  ready: (state: 'I' | 'T' | 'E' = 'I') => message('Z', Buffer.from(state)),
};
