/** A pattern of any dialect, as far as the scanner cares: captures count, laziness and greediness do not. */

/** The engine that a pattern was written for. */
export type Dialect = 'js' | 're2' | 'pcre' | 'python';

export const DIALECTS: readonly Dialect[] = ['js', 're2', 'pcre', 'python'];

/** Part of a class: characters from one to another, or a class that JavaScript has a name for, such as `\p{L}`. */
export type Member = readonly [from: number, to: number] | string;

export type Node =
  /** One character. `fold`: in any case. */
  | { readonly kind: 'set'; readonly members: readonly Member[]; readonly negated: boolean; readonly fold: boolean }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly items: readonly Node[] }
  | { readonly kind: 'repeat'; readonly item: Node; readonly min: number; readonly max: number }
  /** A capture, by its number. */
  | { readonly kind: 'capture'; readonly number: number; readonly item: Node }
  | { readonly kind: 'look'; readonly behind: boolean; readonly negated: boolean; readonly item: Node }
  /** Something that JavaScript has the same spelling for, or one that was written for it. */
  | { readonly kind: 'assertion'; readonly source: string }
  /** The edge of a word, or (`negated`) no edge. */
  | { readonly kind: 'boundary'; readonly negated: boolean; readonly word: string | undefined }
  | { readonly kind: 'reference'; readonly to: number; readonly fold: boolean; readonly at: number };

export const EMPTY: Node = { kind: 'sequence', items: [] };
/** Matches nothing. */
export const NEVER: Node = { kind: 'choice', items: [] };

export function literal(character: number, fold: boolean): Node {
  return { kind: 'set', members: [[character, character]], negated: false, fold };
}

/** The same pattern with other nodes in place of some: `change` returns one, or `undefined` to look inside. */
export function replaced(node: Node, change: (node: Node) => Node | undefined): Node {
  const other = change(node);
  if (other !== undefined) return other;
  if (node.kind === 'sequence' || node.kind === 'choice') {
    return { ...node, items: node.items.map((item) => replaced(item, change)) };
  }
  return node.kind === 'repeat' || node.kind === 'capture' || node.kind === 'look'
    ? { ...node, item: replaced(node.item, change) }
    : node;
}

/** Every node, outer ones first. */
export function* nodesOf(node: Node): Generator<Node> {
  yield node;
  if (node.kind === 'sequence' || node.kind === 'choice') for (const item of node.items) yield* nodesOf(item);
  else if (node.kind === 'repeat' || node.kind === 'capture' || node.kind === 'look') yield* nodesOf(node.item);
}
