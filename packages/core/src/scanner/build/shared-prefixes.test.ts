import { describe, expect, it } from 'vitest';
import { Nfa } from './nfa.ts';
import { parsePhrase } from './parse-phrase.ts';
import { unicodeTables } from '../unicode/unicode.ts';
import { keyOf } from './shared-prefixes.ts';
import { chars, choice, empty, look, repeat, sequence, type Tree } from './tree.ts';

const phrase = (text: string): Tree =>
  parsePhrase(
    text,
    { insideWords: true, short: false, marks: false, escapes: false, folding: undefined },
    unicodeTables(),
  );

/** Nodes of the phrases in one automaton. */
function nodesOf(phrases: readonly string[]): number {
  const nfa = new Nfa(false);
  nfa.addShared(
    phrases.map((text, pattern) => ({ pattern, tree: phrase(text) })),
    false,
    true,
  );
  return nfa.size;
}

describe('common beginnings', () => {
  it('are built once', () => {
    const alone = nodesOf(['ignore-all']) + nodesOf(['ignore-any']);
    // What is not built again: `ignore-a`, but for the node where the two part.
    expect(nodesOf(['ignore-all', 'ignore-any'])).toBe(alone - 'ignore-a'.length + 1);
  });

  it('may be as long as a pattern can be, and a pattern may be the beginning of another', () => {
    const long = 'ab-'.repeat(6000);
    expect(nodesOf([long, `${long}c`, `${long}d`])).toBeLessThan(long.length + 10);
  });

  it('are found behind a choice that only one pattern has', () => {
    const choice: Tree = { kind: 'choice', items: [phrase('token'), phrase('key')] };
    const nfa = new Nfa(false);
    nfa.addShared(
      [
        { pattern: 0, tree: choice },
        { pattern: 1, tree: phrase('tokens') },
      ],
      false,
      true,
    );
    expect(nfa.size).toBe('token'.length + 's'.length + 'key'.length + 2 + 2);
  });

  it('are alike only if they read the same in the same way', () => {
    const a = (): Tree => chars([[97, 97]], []);
    const b = chars([[98, 98]], []);
    const different: readonly Tree[] = [
      empty(),
      a(),
      b,
      chars([[97, 98]], []),
      chars([[97, 97]], [[0x1f600, 0x1f600]]),
      chars([], [[0x1f600, 0x1f600]]),
      sequence([a(), b]),
      sequence([b, a()]),
      choice([a(), b]),
      choice([sequence([a(), b]), b]),
      sequence([choice([a(), b]), b]),
      repeat(a(), 0, 1),
      repeat(a(), 0, 2),
      repeat(a(), 1, 2),
      repeat(a(), 0, Infinity),
      repeat(sequence([a(), b]), 0, 2),
      sequence([repeat(a(), 0, 2), b]),
      look('ahead', [[97, 97]], false),
      look('ahead', [[97, 97]], true),
      look('behind', [[97, 97]], false),
      look('behind', [[97, 97]], true),
    ];
    expect(new Set(different.map(keyOf)).size).toBe(different.length);
    expect(keyOf(sequence([a(), sequence([a(), b])]))).toBe(keyOf(sequence([sequence([a(), a()]), b])));
  });
});
