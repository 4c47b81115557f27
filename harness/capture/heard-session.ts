import { messageOf } from '../errors.ts';
import { followSession } from './conversation.ts';
import type { Opening } from './opening.ts';
import type { transcriptCollector } from './transcript-collector.ts';

export interface HeardSession {
  fromClient(chunk: Buffer, atMs: number): void;
  fromServer(chunk: Buffer, atMs: number): void;
  close(atMs: number): void;
  isUnderWay(): boolean;
}

/** A session as far as it can be followed: what cannot be becomes a blind spot, never an error. */
export function hearSession(
  session: number,
  { message, bytes }: Opening,
  heard: Pick<ReturnType<typeof transcriptCollector>, 'add' | 'addBlindSpot'>,
): HeardSession {
  const notFollowed = (what: string) => heard.addBlindSpot(`Session ${session} ${what}.`);
  const conversation = followSession(session, { onBatch: heard.add, onBlindSpot: notFollowed });
  let followed = true;

  const guarded = (work: () => void) => {
    if (!followed) return;
    try {
      work();
    } catch (error) {
      followed = false;
      notFollowed(`could not be followed any further: ${messageOf(error)}`);
    }
  };

  if (
    message.kind === 'startup' &&
    /^(?:true|on|yes|1|database)$/i.test(message.parameters.get('replication') ?? '')
  ) {
    followed = false;
    notFollowed('is a replication session');
  }
  guarded(() => conversation.fromClient(bytes.subarray(message.bytes), 0));

  return {
    fromClient: (chunk, atMs) => guarded(() => conversation.fromClient(chunk, atMs)),
    fromServer: (chunk, atMs) => guarded(() => conversation.fromServer(chunk, atMs)),
    close: (atMs) => guarded(() => conversation.close(atMs)),
    isUnderWay: () => followed && conversation.isUnderWay(),
  };
}
