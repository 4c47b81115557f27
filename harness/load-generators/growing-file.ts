import { type FileHandle, open } from 'node:fs/promises';

const PIECE_BYTES = 1 << 18;

/** What a file has got since it was looked at last; nothing while it is not there. */
export interface GrowingFile {
  read(onText: (text: string) => void): Promise<void>;
  close(): Promise<void>;
}

export function followFile(file: string): GrowingFile {
  let handle: FileHandle | null = null;
  let position = 0;
  const decoder = new TextDecoder();
  const piece = Buffer.alloc(PIECE_BYTES);
  return {
    read: async (onText) => {
      handle ??= await open(file, 'r').catch(() => null);
      if (handle === null) return;
      for (;;) {
        const { bytesRead } = await handle.read(piece, 0, piece.length, position);
        if (bytesRead === 0) return;
        position += bytesRead;
        onText(decoder.decode(piece.subarray(0, bytesRead), { stream: true }));
      }
    },
    close: async () => {
      await handle?.close();
    },
  };
}
