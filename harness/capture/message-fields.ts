/** What stands in a message's body (PostgreSQL manual: "Message Formats"). */
import type { CapturedParameter, TransactionState } from './transcript.ts';

/** Reads a body from its start to its end. */
function fieldsOf(body: Buffer) {
  let at = 0;
  const int16 = () => {
    at += 2;
    return body.readInt16BE(at - 2);
  };
  const int32 = () => {
    at += 4;
    return body.readInt32BE(at - 4);
  };
  const bytes = (length: number) => {
    at += length;
    return body.subarray(at - length, at);
  };
  const text = () => {
    const end = body.indexOf(0, at);
    const value = body.toString('utf8', at, end);
    at = end + 1;
    return value;
  };
  return {
    int16,
    int32,
    bytes,
    text,
    list: <T>(read: () => T) => Array.from({ length: count(int16()) }, read),
  };
}

/** Counts are unsigned although the fields are Int16: a Bind holds up to 65,535 parameters. */
function count(int16: number): number {
  return int16 & 0xffff;
}

export function queryText(body: Buffer): string {
  return fieldsOf(body).text();
}

export function parseFields(body: Buffer): { name: string; text: string; parameterTypes: number[] } {
  const { text, list, int32 } = fieldsOf(body);
  return { name: text(), text: text(), parameterTypes: list(() => int32() >>> 0) };
}

export function bindFields(body: Buffer): {
  portal: string;
  statement: string;
  parameters: CapturedParameter[];
} {
  const { text, list, int16, int32, bytes } = fieldsOf(body);
  const portal = text();
  const statement = text();
  const formats = list(int16); // none: all text; one: for all; else one each
  let place = 0;
  const parameters = list((): CapturedParameter => {
    const format = (formats.length > 1 ? formats[place] : formats[0]) ?? 0;
    place++;
    const length = int32();
    if (length < 0) return null;
    return format === 0 ? bytes(length).toString('utf8') : { binary: Uint8Array.from(bytes(length)) };
  });
  return { portal, statement, parameters };
}

export function executeFields(body: Buffer): { portal: string } {
  return { portal: fieldsOf(body).text() };
}

/** Of Close: what, a prepared statement `S` or a portal `P`, and its name. */
export function closeFields(body: Buffer): { what: string; name: string } {
  const { bytes, text } = fieldsOf(body);
  return { what: bytes(1).toString('latin1'), name: text() };
}

/** `INSERT 0 5` → INSERT, 5 rows; `CREATE TABLE` → no count. */
export function commandFields(body: Buffer): { command: string; rows: number | null } {
  const tag = fieldsOf(body).text();
  const [, command = tag, counts = ''] = /^(\D+?)((?: \d+)*)$/.exec(tag) ?? [];
  const rows = counts.split(' ').at(-1);
  return { command, rows: rows ? Number(rows) : null };
}

/** The SQLSTATE of an ErrorResponse. */
export function sqlStateOf(body: Buffer): string {
  const field = body
    .toString('latin1')
    .split('\0')
    .find((part) => part.startsWith('C'));
  return field?.slice(1) ?? 'XX000';
}

export function transactionStateOf(body: Buffer): TransactionState {
  const letter = body.toString('latin1');
  if (letter === 'I') return 'idle';
  return letter === 'T' ? 'open' : 'failed';
}

export function parameterStatusFields(body: Buffer): { name: string; value: string } {
  const { text } = fieldsOf(body);
  return { name: text(), value: text() };
}
