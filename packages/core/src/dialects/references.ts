/**
 * Writes back-references out: `(["'])x\1` becomes `"x"|'x'`. Possible where what they repeat is one of a few strings; a
 * scan in one pass cannot remember what a group was.
 */
import { Refusal } from './refusal.ts';
import { literal, NEVER, type Node, nodesOf, replaced } from './syntax.ts';

/** Ways to write one pattern out. */
const MOST_WORDS = 64;

/** A string that a group can be, as characters with their `fold`. */
type Word = readonly Node[];

/**
 * `unsetIsEmpty`: a reference to a group that took no part matches the empty string (JavaScript), or nothing (everybody
 * else).
 */
export function writtenOut(pattern: Node, unsetIsEmpty: boolean): Node {
  const reference = [...nodesOf(pattern)].find((node) => node.kind === 'reference');
  if (reference?.kind !== 'reference') return pattern;
  const { to, at } = reference;
  const nodes = [...nodesOf(pattern)];
  const capture = nodes.find((node) => node.kind === 'capture' && node.number === to);
  if (capture?.kind !== 'capture') {
    throw new Refusal(
      'PATTERN_SYNTAX',
      `refers to group ${to}, which it does not have`,
      'correct the number or the name',
      { at },
    );
  }
  // One that comes before its group repeats what the group was in the round before.
  const where = nodes.indexOf(reference) < nodes.indexOf(capture) ? 'repeated' : placeOf(pattern, to);
  const words = wordsOf(capture.item);
  if (words === undefined || words.length > MOST_WORDS || where === 'repeated') {
    throw new Refusal(
      'PATTERN_BACKREFERENCE',
      'repeats what a group matched, and that is not one of a few strings',
      'list the alternatives, or match more widely and decide in `validate`',
      { at },
    );
  }
  const variants = words.map((word) => withGroup(taken(pattern, to), to, { kind: 'sequence', items: word }, word));
  if (where === 'optional') variants.push(withGroup(pattern, to, NEVER, unsetIsEmpty ? [] : undefined));
  return { kind: 'choice', items: variants.map((variant) => writtenOut(variant, unsetIsEmpty)) };
}

function withGroup(pattern: Node, number: number, group: Node, reference: Word | undefined): Node {
  return replaced(pattern, (node) => {
    if (node.kind === 'capture' && node.number === number) return group;
    if (node.kind !== 'reference' || node.to !== number) return undefined;
    return reference === undefined ? NEVER : { kind: 'sequence', items: reference };
  });
}

/** The pattern where a group that may be left out takes part. */
function taken(node: Node, number: number): Node {
  if (!hasCapture(node, number)) return node;
  switch (node.kind) {
    case 'sequence':
      return { ...node, items: node.items.map((item) => taken(item, number)) };
    case 'choice':
      return {
        ...node,
        items: node.items.filter((item) => hasCapture(item, number)).map((item) => taken(item, number)),
      };
    case 'repeat':
      return taken(node.item, number);
    case 'capture':
    case 'look':
      return { ...node, item: taken(node.item, number) };
    default:
      return node;
  }
}

function hasCapture(node: Node, number: number): boolean {
  return [...nodesOf(node)].some((inner) => inner.kind === 'capture' && inner.number === number);
}

/** Whether a group always takes part, may be left out, or may match several times. */
function placeOf(pattern: Node, number: number): 'always' | 'optional' | 'repeated' {
  let place: 'always' | 'optional' | 'repeated' = 'always';
  const visit = (node: Node, optional: boolean, repeated: boolean): void => {
    if (node.kind === 'capture' && node.number === number)
      place = repeated ? 'repeated' : optional ? 'optional' : 'always';
    if (node.kind === 'sequence') for (const item of node.items) visit(item, optional, repeated);
    else if (node.kind === 'choice')
      for (const item of node.items) visit(item, optional || node.items.length > 1, repeated);
    else if (node.kind === 'repeat') visit(node.item, optional || node.min === 0, repeated || node.max > 1);
    else if (node.kind === 'capture' || node.kind === 'look') visit(node.item, optional, repeated);
  };
  visit(pattern, false, false);
  return place;
}

/** The strings that a node can be; `undefined` if they are many. */
function wordsOf(node: Node): readonly Word[] | undefined {
  switch (node.kind) {
    case 'set': {
      if (node.negated || node.members.some((member) => typeof member === 'string')) return undefined;
      const characters = (node.members as readonly (readonly [number, number])[]).flatMap(([from, to]) =>
        Array.from({ length: Math.min(to - from, MOST_WORDS) + 1 }, (_, n) => from + n),
      );
      return limited([...new Set(characters)].map((character) => [literal(character, node.fold)]));
    }
    case 'sequence': {
      let words: readonly Word[] | undefined = [[]];
      for (const item of node.items) {
        const next = wordsOf(item);
        words = next && words && limited(words.flatMap((word) => next.map((more) => [...word, ...more])));
      }
      return words;
    }
    case 'choice': {
      const words = node.items.map(wordsOf);
      return words.includes(undefined) ? undefined : limited(words.flatMap((some) => some!));
    }
    case 'repeat': {
      if (node.max > 8) return undefined;
      const counts = Array.from({ length: node.max - node.min + 1 }, (_, n) => node.min + n);
      const items = counts.map((count): Node => ({
        kind: 'sequence',
        items: Array.from({ length: count }, () => node.item),
      }));
      return wordsOf({ kind: 'choice', items });
    }
    case 'capture':
      return wordsOf(node.item);
    default:
      return undefined;
  }
}

function limited(words: readonly Word[]): readonly Word[] | undefined {
  return words.length > MOST_WORDS ? undefined : words;
}
