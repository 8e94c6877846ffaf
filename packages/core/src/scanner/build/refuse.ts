/**
 * What is refused, and what is only worth a warning. Each rule exists because one pass over a stream could not keep its
 * promises otherwise: nothing of a match leaves, nothing else waits, and work is linear in the text.
 */
import type { Pattern } from '../../contract/detector.ts';
import type { Configs } from './configs.ts';
import { CHARS, FINAL, type Fragment, type Loop, type Nfa } from './nfa.ts';
import { Refusal } from '../../dialects/refusal.ts';
import { contains } from '../unicode/symbols.ts';
import { lengthOf, type Tree } from './tree.ts';

/** Symbols that a pattern with a validator may span: every start of every end is tried. */
export const LONGEST_VALIDATED = 256;

/** Refuses what the tree alone shows. */
export function refuseTree(tree: Tree, pattern: Pattern): void {
  const { min, max } = lengthOf(tree);
  if (tree.kind === 'never') throw neverMatches();
  if (min === 0) {
    throw new Refusal(
      'PATTERN_MATCHES_EMPTY',
      'can match without a character',
      'use `+` or a count instead of `*` or `?` on at least one part',
    );
  }
  if (pattern.validate !== undefined && max > LONGEST_VALIDATED) {
    throw new Refusal(
      'PATTERN_UNBOUNDED_VALIDATOR',
      `has a validator or a context but ${max === Infinity ? 'no longest match' : `matches up to ${max} units`}`,
      `bound its repeats so that a match has at most ${LONGEST_VALIDATED} units, or, with a context, end it where nothing can follow: \`\\w+(?!\\w)\``,
    );
  }
}

/** Refuses what only the automaton shows; returns warnings. */
export function refuseFragment(configs: Configs, fragment: Fragment): string[] {
  if (!configs.canMatch(fragment.start)) throw neverMatches();
  configs.exploreAll(fragment);
  if (fragment.loops.length === 0) return [];
  const warnings: string[] = [];
  const atFinal = nodesAtFinal(configs.nfa);
  const beforeMatch = nodesBeforeMatch(configs.nfa, fragment, atFinal);
  for (const loop of fragment.loops) {
    if (loop.max !== Infinity || !crossesProse(configs.nfa, loop)) continue;
    for (let node = loop.from; node < loop.to; node++) {
      if (!beforeMatch.has(node)) continue;
      throw new Refusal(
        'PATTERN_UNBOUNDED_GAP',
        'has an unbounded gap before it first matches: the rest of the stream would be held',
        'bound the gap, for example `[^]{0,200}` instead of `[^]*`, or exclude what ends it',
      );
    }
    if (matchesAllTheWay(configs.nfa, loop, atFinal)) continue;
    warnings.push(
      'goes on without bound after its first match: text after that match is held until the longer one is found or the ' +
        "stream's `maxHold` is reached",
    );
  }
  return warnings;
}

function neverMatches(): Refusal {
  return new Refusal(
    'PATTERN_NEVER_MATCHES',
    'can never match',
    'remove the assertion or the empty class that contradicts it',
  );
}

/** Nodes that a thread can be at before it has matched for the first time. */
function nodesBeforeMatch(nfa: Nfa, fragment: Fragment, atFinal: Uint8Array): ReadonlySet<number> {
  const seen = new Set<number>();
  const pending = [fragment.start];
  while (pending.length > 0) {
    const node = pending.pop()!;
    if (seen.has(node)) continue;
    seen.add(node);
    if (nfa.kind[node] === FINAL) continue;
    if (nfa.kind[node] !== CHARS) pending.push(...nfa.exits(node));
    else if (atFinal[nfa.next[node]!] === 0) pending.push(nfa.next[node]!);
  }
  return seen;
}

/** 1 for the nodes from which a match is reached without another symbol. */
function nodesAtFinal(nfa: Nfa): Uint8Array {
  const reaching = new Uint8Array(nfa.size);
  // A node's successors mostly have smaller numbers, so one or two rounds are enough.
  for (let changed = true; changed;) {
    changed = false;
    for (let node = 0; node < nfa.size; node++) {
      if (reaching[node] === 1 || nfa.kind[node] === CHARS) continue;
      if (nfa.kind[node] !== FINAL && !nfa.exits(node).some((exit) => reaching[exit] === 1)) continue;
      reaching[node] = 1;
      changed = true;
    }
  }
  return reaching;
}

const PROSE: readonly number[] = Array.from(' abcdefghijklmnopqrstuvwxyz', (letter) => letter.charCodeAt(0));

/** A loop over letters and spaces runs on through any text. */
function crossesProse(nfa: Nfa, loop: Loop): boolean {
  const sets = nfa.charsIn(loop).map((node) => nfa.sets[nfa.set[node]!]!);
  return PROSE.every((letter) => sets.some((set) => contains(set, letter)));
}

/** Wherever the loop reads prose, the match is complete again: the text is decided as it comes, and nothing is held. */
function matchesAllTheWay(nfa: Nfa, loop: Loop, atFinal: Uint8Array): boolean {
  return nfa
    .charsIn(loop)
    .every(
      (node) => !PROSE.some((letter) => contains(nfa.sets[nfa.set[node]!]!, letter)) || atFinal[nfa.next[node]!] === 1,
    );
}
