import { styleText } from 'node:util';

/** Whether a stream is a terminal that has not asked for plain text (https://no-color.org). */
export function isLively(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
}

/** Greys text on a terminal and leaves it as it is in files, pipes and under NO_COLOR. */
export function dimOnTerminal(
  stream: { readonly isTTY?: boolean } = process.stdout,
): (text: string) => string {
  return isLively(stream) ? (text) => styleText('dim', text, { validateStream: false }) : (text) => text;
}
