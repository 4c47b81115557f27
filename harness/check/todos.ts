/** A TODO that `init` has left, in a comment or as a value. */
export interface Todo {
  /** From 1. */
  readonly line: number;
  /** What is to be said there, as far as the comment tells. */
  readonly text: string;
}

/** TODOs of a config's text. A comment and the value below it are one. Pure. */
export function findTodos(text: string): Todo[] {
  const todos: Todo[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (!/\bTODO\b/.test(line)) continue;
    const comment = /\bTODO:\s*(.*?)\s*(?:\*\/)?$/.exec(line)?.[1];
    const follows = comment === undefined && todos.at(-1)?.line === index;
    if (!follows) todos.push({ line: index + 1, text: comment ?? line.trim() });
  }
  return todos;
}
