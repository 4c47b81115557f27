/** Lists that differ between two executions of the same statement only by their length become one of one length. */
import { VALUE, type Word } from './statement-words.ts';

/** A bracket with what stands in it. */
interface Group {
  readonly open: '(' | '[';
  readonly inside: readonly Node[];
}
type Node = Word | Group;

const MORE: Word = { text: '...', isName: false };
const COMMA: Word = { text: ',', isName: false };

/**
 * `IN ($, $)` and `ARRAY[$]` → `($, ...)`, whatever their length; the rows of VALUES, the arms of a CASE and brackets joined by OR → one
 * of each kind. Casts of values in lists are dropped, as PostgreSQL 18 does; 13 to 17 keep them and the length.
 */
export function foldLists(words: readonly Word[]): readonly Word[] {
  return flatten(foldNodes(groupsOf(words), false));
}

function groupsOf(words: readonly Word[]): Node[] {
  const stack: { open: Group['open']; inside: Node[] }[] = [];
  const top: Node[] = [];
  for (const word of words) {
    const inside = stack.at(-1)?.inside ?? top;
    if (word.text === '(' || word.text === '[') stack.push({ open: word.text, inside: [] });
    else if (word.text === ')' || word.text === ']') {
      const group = stack.pop();
      if (group) (stack.at(-1)?.inside ?? top).push(group);
    } else inside.push(word);
  }
  return top;
}

function flatten(nodes: readonly Node[]): Word[] {
  return nodes.flatMap((node) => {
    if (!('open' in node)) return [node];
    const close = node.open === '(' ? ')' : ']';
    return [{ text: node.open, isName: false }, ...flatten(node.inside), { text: close, isName: false }];
  });
}

const keyOf = (nodes: readonly Node[]) =>
  flatten(nodes)
    .map(({ text }) => text)
    .join(' ');
const isWord = (node: Node | undefined, text: string) => !!node && 'text' in node && node.text === text;
const isGroup = (node: Node | undefined): node is Group => !!node && 'open' in node;
const holdsValue = (nodes: readonly Node[]) => flatten(nodes).includes(VALUE);

function foldNodes(nodes: readonly Node[], inArray: boolean): readonly Node[] {
  const folded: Node[] = [];
  for (const node of nodes) {
    const before = folded.at(-1);
    if (!isGroup(node)) folded.push(node);
    else if (isWord(before, 'IN') || isWord(before, 'ARRAY') || (inArray && node.open === '['))
      folded.push(foldedList(node));
    else folded.push({ ...node, inside: foldNodes(node.inside, false) });
  }
  return foldArms(foldAlternatives(foldRows(folded)));
}

function foldedList(group: Group): Group {
  if (isQuery(group.inside)) return { ...group, inside: foldNodes(group.inside, false) };
  const elements = splitAt(foldNodes(group.inside, group.open === '['), ',')
    .filter((element) => !element.every((node) => 'text' in node && /^\.+$/.test(node.text)))
    .map(withoutCasts);
  if (!elements.some(holdsValue)) return { ...group, inside: joined(elements) };
  return { ...group, inside: [...joined(distinct(elements)), COMMA, MORE] };
}

function isQuery([first]: readonly Node[]): boolean {
  if (isGroup(first)) return isQuery(first.inside);
  return (
    isWord(first, 'SELECT') || isWord(first, 'WITH') || isWord(first, 'VALUES') || isWord(first, 'TABLE')
  );
}

/** Rows that are alike are one: `VALUES ($, $), ($, $)` → `VALUES ($, $)`. */
function foldRows(nodes: readonly Node[]): readonly Node[] {
  const start = nodes.findIndex((node, at) => isWord(node, 'VALUES') && isGroup(nodes[at + 1]));
  if (start < 0) return nodes;
  let end = start + 2;
  while (isWord(nodes[end], ',') && isGroup(nodes[end + 1])) end += 2;
  const rows = nodes.slice(start + 1, end).filter(isGroup);
  const plain = rows.map((row) => [{ ...row, inside: joined(splitAt(row.inside, ',').map(withoutCasts)) }]);
  return [...nodes.slice(0, start + 1), ...joined(distinct(plain)), ...foldRows(nodes.slice(end))];
}

/** `(a = $ AND b = $) OR (a = $ AND b = $)`: a list of keys of two columns. */
function foldAlternatives(nodes: readonly Node[]): readonly Node[] {
  const folded: Node[] = [];
  for (const [at, node] of nodes.entries()) {
    const isRepeated =
      isGroup(node) && isWord(nodes[at - 1], 'OR') && isGroup(nodes[at - 2]) && holdsValue([node]);
    if (isRepeated && keyOf([node]) === keyOf(nodes.slice(at - 2, at - 1))) folded.pop();
    else folded.push(node);
  }
  return folded;
}

/** `CASE id WHEN $ THEN $ WHEN $ THEN $ END`: a bulk update. */
function foldArms(nodes: readonly Node[]): readonly Node[] {
  const folded: Node[] = [];
  let armStart = -1;
  const endArm = () => {
    const arm = folded.slice(armStart);
    const before = folded.slice(armStart - arm.length, armStart);
    const isRepeated = armStart >= arm.length && isWord(before[0], 'WHEN') && holdsValue(arm);
    if (isRepeated && keyOf(arm) === keyOf(before)) folded.splice(armStart);
    armStart = -1;
  };
  for (const node of nodes) {
    if (armStart >= 0 && (isWord(node, 'WHEN') || isWord(node, 'ELSE') || isWord(node, 'END'))) endArm();
    if (isWord(node, 'WHEN')) armStart = folded.length;
    folded.push(node);
  }
  return folded;
}

/** `$::int` and `CAST($ AS int)` → `$`. */
function withoutCasts(nodes: readonly Node[]): readonly Node[] {
  const [first, second] = nodes;
  if (first === VALUE && isWord(second, '::')) return [VALUE];
  if (isWord(first, 'CAST') && isGroup(second) && nodes.length === 2 && second.inside[0] === VALUE)
    return [VALUE];
  if (nodes.length === 1 && isGroup(first) && first.open === '(')
    return [{ ...first, inside: joined(splitAt(first.inside, ',').map(withoutCasts)) }];
  return nodes;
}

function splitAt(nodes: readonly Node[], separator: string): readonly (readonly Node[])[] {
  const parts: Node[][] = [[]];
  for (const node of nodes) {
    if (isWord(node, separator)) parts.push([]);
    else parts.at(-1)?.push(node);
  }
  return parts;
}

function joined(parts: readonly (readonly Node[])[]): readonly Node[] {
  return parts.flatMap((part, at) => (at === 0 ? part : [COMMA, ...part]));
}

function distinct(parts: readonly (readonly Node[])[]): readonly (readonly Node[])[] {
  return [...new Map(parts.map((part) => [keyOf(part), part])).values()];
}
