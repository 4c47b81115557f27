import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { HarnessError } from '../errors.ts';

/** Asks on a terminal; an empty answer is the default. */
export interface Questioner {
  ask(question: string, fallback: string): Promise<string>;
  /** Nothing of the answer is shown. */
  askSecret(question: string): Promise<string>;
}

/** Questions go to stderr: stdout is for the result. */
export function questionerOn(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  signal: AbortSignal,
): Questioner {
  const ask = async (question: string, isSecret: boolean): Promise<string> => {
    // What readline echoes goes nowhere while a secret is typed.
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    const terminal = createInterface({ input, output: isSecret ? nowhere : output, terminal: true });
    terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    try {
      if (isSecret) output.write(question);
      const answer = await terminal.question(isSecret ? '' : question, { signal });
      if (isSecret) output.write('\n');
      return answer.trim();
    } catch (error) {
      signal.throwIfAborted(); // Ctrl-C; what is left is Ctrl-D
      throw new HarnessError('INTERRUPTED', 'The questions were broken off. Nothing was written.', {
        cause: error,
        hint: 'Start again, or give the answers by --name, --url and RUSHHOUR_INIT_DATABASE_URL.',
      });
    } finally {
      terminal.close();
    }
  };
  return {
    ask: async (question, fallback) => (await ask(`${question} [${fallback}] `, false)) || fallback,
    askSecret: (question) => ask(`${question} (not shown, empty for none) `, true),
  };
}
