/**
 * What is refused, and what is only worth a warning. Each rule exists because one pass over a stream could not keep its
 * promises otherwise: nothing of a match leaves, nothing else waits, and work is linear in the text.
 */
import type { Pattern } from '../contract/detector.ts';
import type { Configs } from './configs.ts';
import { CHARS, FINAL, type Fragment, type Loop, type Nfa } from './nfa.ts';
import { Refusal } from './pattern-error.ts';
import { contains } from './symbols.ts';
import { lengthOf, type Tree } from './tree.ts';

/** Symbols that a pattern with a validator may span: every start of every end is tried. */
export const LONGEST_VALIDATED = 256;
/** Counts from which a run that may start anywhere is worth a look, and a warning. */
const LONG_RUN = 8;

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
      `has \`validate\` but ${max === Infinity ? 'no longest match' : `matches up to ${max} units`}`,
      `bound its repeats so that a match has at most ${LONGEST_VALIDATED} units`,
    );
  }
}

/** Refuses what only the automaton shows; returns warnings. */
export function refuseFragment(configs: Configs, fragment: Fragment): string[] {
  if (!configs.canMatch(fragment.start)) throw neverMatches();
  if (fragment.loops.length === 0) return [];
  const warnings: string[] = [];
  const beforeMatch = nodesBeforeMatch(configs.nfa, fragment);
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
    if (matchesAllTheWay(configs.nfa, loop)) continue;
    warnings.push(
      'goes on without bound after its first match: text after that match is held until the longer one is found or the ' +
        "stream's `maxHold` is reached",
    );
  }
  if (hasPilingRun(configs, fragment)) {
    warnings.push(
      'counts a run that may begin at every character, so each one starts a candidate of its own: begin it with a ' +
        'boundary such as `\\b` or `(?<!\\w)`',
    );
  }
  return warnings;
}

/** True if the pattern has a long counted run in which every character starts another candidate. */
export function hasPilingRun(configs: Configs, fragment: Fragment): boolean {
  return fragment.loops.some((loop) => pilesUp(configs, fragment, loop));
}

function neverMatches(): Refusal {
  return new Refusal(
    'PATTERN_NEVER_MATCHES',
    'can never match',
    'remove the assertion or the empty class that contradicts it',
  );
}

/** Nodes that a thread can be at before it has matched for the first time. */
function nodesBeforeMatch(nfa: Nfa, fragment: Fragment): ReadonlySet<number> {
  const seen = new Set<number>();
  const pending = [fragment.start];
  while (pending.length > 0) {
    const node = pending.pop()!;
    if (seen.has(node)) continue;
    seen.add(node);
    if (nfa.kind[node] === FINAL) continue;
    if (nfa.kind[node] !== CHARS) pending.push(...nfa.exits(node));
    else if (!reachesFinal(nfa, nfa.next[node]!)) pending.push(nfa.next[node]!);
  }
  return seen;
}

function reachesFinal(nfa: Nfa, from: number): boolean {
  const seen = new Set<number>();
  const pending = [from];
  while (pending.length > 0) {
    const node = pending.pop()!;
    if (nfa.kind[node] === FINAL) return true;
    if (seen.has(node) || nfa.kind[node] === CHARS) continue;
    seen.add(node);
    pending.push(...nfa.exits(node));
  }
  return false;
}

const PROSE: readonly number[] = Array.from(' abcdefghijklmnopqrstuvwxyz', (letter) => letter.charCodeAt(0));

/** A loop over letters and spaces runs on through any text. */
function crossesProse(nfa: Nfa, loop: Loop): boolean {
  const sets = charsIn(nfa, loop).map((node) => nfa.sets[nfa.set[node]!]!);
  return PROSE.every((letter) => sets.some((set) => contains(set, letter)));
}

/** Wherever the loop reads prose, the match is complete again: the text is decided as it comes, and nothing is held. */
function matchesAllTheWay(nfa: Nfa, loop: Loop): boolean {
  return charsIn(nfa, loop).every(
    (node) =>
      !PROSE.some((letter) => contains(nfa.sets[nfa.set[node]!]!, letter)) || reachesFinal(nfa, nfa.next[node]!),
  );
}

/** A long counted run that can begin again inside itself. */
function pilesUp(configs: Configs, fragment: Fragment, loop: Loop): boolean {
  const counted = loop.max === Infinity ? loop.min : loop.max;
  if (counted < LONG_RUN) return false;
  const { nfa, letters } = configs;
  const node = charsIn(nfa, loop)[0];
  if (node === undefined) return false;
  const members = letters.members[nfa.set[node]!]!;
  const [from, to] = letters.range(fragment.folded);
  for (let letter = from; letter < to; letter++) {
    if (members[letter] === 0) continue;
    for (const config of configs.closure(fragment.start, configs.signatures.ofLetter[letter]!)) {
      const first = configs.node[config]!;
      if (nfa.kind[first] === CHARS && letters.members[nfa.set[first]!]![letter] === 1) return true;
    }
  }
  return false;
}

function charsIn(nfa: Nfa, loop: Loop): number[] {
  const nodes: number[] = [];
  for (let node = loop.from; node < loop.to; node++) if (nfa.kind[node] === CHARS) nodes.push(node);
  return nodes;
}
