import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';

const IN_TERMINAL = `
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 44, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
out = b''
while True:
    try: piece = os.read(fd, 65536)
    except OSError: break
    if not piece: break
    out += piece
os.waitpid(pid, 0)
sys.stdout.buffer.write(out)
`;

/** What a program writes to a terminal of 44 columns. */
async function inTerminal(env: NodeJS.ProcessEnv): Promise<string> {
  const script = path.join(PROJECT_ROOT, 'test', 'support', 'reading-in-terminal.ts');
  const program = [process.execPath, '--import', import.meta.resolve('tsx'), script];
  const { CI: _ci, NO_COLOR: _plain, ...inherited } = process.env; // both would make it plain
  const { stdout } = await execa('python3', ['-c', IN_TERMINAL, ...program], {
    ...{ extendEnv: false, stdin: 'ignore' },
    env: { ...inherited, TERM: 'xterm-256color', ...env },
  });
  return stdout;
}

test('on a terminal readings are drawn in place, none wider than it, and one line is left', async () => {
  const written = await inTerminal({});
  const shown = stripVTControlCharacters(written);
  for (const count of ['1,001', '2,002', '3,003']) assert.ok(shown.includes(`${count} requests`), count);
  for (const line of shown.split(/[\r\n]+/).filter((one) => one.includes('requests'))) {
    assert.ok(line.startsWith('  ') && (line.split(/[⠀-⣿✔]/)[0] ?? '').length <= 44, line);
  }
  // Moved up and cleared for each drawing; after the last one only the step is written.
  assert.ok(written.includes('\u001b[1A'));
  assert.match(shown.slice(shown.lastIndexOf('✔')), /^✔ k6 load · [\d.]+ s\s*$/);
});

test('under NO_COLOR a terminal gets plain lines and nothing moves', async () => {
  const written = await inTerminal({ NO_COLOR: '1' });
  assert.match(written, /^✔ k6 load · [\d.]+ s\s*$/);
});
