/** The commands of a README, to be run as they stand there. */

/** Those in blocks of `sh`, in their order. A comment at the end of a line, after two spaces or more, is left out. */
export function readmeCommands(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/ {2,}# .*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
