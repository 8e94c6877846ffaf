import type { Ranges } from '../unicode/symbols.ts';

/**
 * What the parsers make of a pattern: the few constructs that the automaton needs. Captures, laziness and greediness
 * are gone, because the scanner reports every span that matches and not the one that a backtracking engine would
 * prefer.
 */
export type Tree =
  | { readonly kind: 'empty' }
  /** Matches nothing at all. */
  | { readonly kind: 'never' }
  /** One character. See `SymbolForms` for the two fields. */
  | { readonly kind: 'chars'; readonly alone: Ranges; readonly pairs: Ranges }
  | { readonly kind: 'sequence'; readonly items: readonly Tree[] }
  | { readonly kind: 'choice'; readonly items: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly item: Tree; readonly min: number; readonly max: number }
  /** The neighbouring symbol is in the set, or there is none and `edge` holds. Consumes nothing. */
  | { readonly kind: 'look'; readonly to: 'ahead' | 'behind'; readonly set: Ranges; readonly edge: boolean };

const EMPTY: Tree = { kind: 'empty' };
const NEVER: Tree = { kind: 'never' };

export function empty(): Tree {
  return EMPTY;
}

export function chars(alone: Ranges, pairs: Ranges): Tree {
  return alone.length === 0 && pairs.length === 0 ? NEVER : { kind: 'chars', alone, pairs };
}

export function sequence(items: readonly Tree[]): Tree {
  const rest = items.filter((item) => item.kind !== 'empty');
  if (rest.some((item) => item.kind === 'never')) return NEVER;
  if (rest.length === 0) return EMPTY;
  return rest.length === 1 ? rest[0]! : { kind: 'sequence', items: rest };
}

export function choice(items: readonly Tree[]): Tree {
  const rest = items.filter((item) => item.kind !== 'never');
  if (rest.length === 0) return NEVER;
  return rest.length === 1 ? rest[0]! : { kind: 'choice', items: rest };
}

export function repeat(item: Tree, min: number, max: number): Tree {
  if (max === 0 || item.kind === 'empty') return EMPTY;
  if (item.kind === 'never') return min === 0 ? EMPTY : NEVER;
  if (min === 1 && max === 1) return item;
  return { kind: 'repeat', item, min, max };
}

export function look(to: 'ahead' | 'behind', set: Ranges, edge: boolean): Tree {
  return set.length === 0 && !edge ? NEVER : { kind: 'look', to, set, edge };
}

/** True if the tree asserts something. */
export function hasLook(tree: Tree): boolean {
  if (tree.kind === 'repeat') return hasLook(tree.item);
  return tree.kind === 'sequence' || tree.kind === 'choice' ? tree.items.some(hasLook) : tree.kind === 'look';
}

/** Symbols of the shortest and longest match; `Infinity` when there is no longest. */
export function lengthOf(tree: Tree): { readonly min: number; readonly max: number } {
  switch (tree.kind) {
    case 'empty':
    case 'never':
    case 'look':
      return { min: 0, max: 0 };
    case 'chars':
      return { min: tree.alone.length > 0 ? 1 : 2, max: tree.pairs.length > 0 ? 2 : 1 };
    case 'sequence': {
      const parts = tree.items.map(lengthOf);
      return { min: parts.reduce((sum, p) => sum + p.min, 0), max: parts.reduce((sum, p) => sum + p.max, 0) };
    }
    case 'choice': {
      const parts = tree.items.map(lengthOf);
      return { min: Math.min(...parts.map((p) => p.min)), max: Math.max(...parts.map((p) => p.max)) };
    }
    case 'repeat': {
      const body = lengthOf(tree.item);
      return { min: body.min * tree.min, max: body.max === 0 ? 0 : body.max * tree.max };
    }
  }
}
