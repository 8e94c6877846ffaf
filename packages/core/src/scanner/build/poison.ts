/**
 * Finds the patterns that would poison an automaton shared with others: those that, alone, need more states than any
 * text is worth, because every character of a long run begins a candidate of its own. Their states multiply with those
 * of all other patterns, so they get a second automaton to themselves. Prose then costs a second pass; hostile text no
 * longer drives every other pattern out of the cache.
 */
import { Configs } from './configs.ts';
import { Dfa } from '../run/dfa.ts';
import type { Folding } from '../unicode/fold.ts';
import { Lane, SILENT } from '../run/lane.ts';
import { CHARS, type Fragment, type Loop, type Nfa } from './nfa.ts';
import type { Ranges } from '../unicode/symbols.ts';

/** States that a pattern may need for the probe. A bounded local part of an e-mail address needs about a hundred. */
const MOST_STATES = 300;
const PROBE_UNITS = 4096;
/** Work (`run/work.ts`) that the probe may cost: some milliseconds. What costs more is dear enough to be kept apart. */
const MOST_WORK = 200_000;
const PIECE = 64;
/** Counts from which a run that may start anywhere is worth a look, and a warning. */
const LONG_RUN = 8;

/** The cheap question: true if the pattern has a long counted run in which every character starts another candidate. */
export function hasPilingRun(configs: Configs, fragment: Fragment): boolean {
  return fragment.loops.some((loop) => pilesUp(configs, fragment, loop));
}

/** The measured answer, for a pattern with such a run, on text of its own characters. */
export interface Probed {
  /** Candidates that were alive at once. */
  readonly candidates: number;
  /** True if it would poison an automaton shared with others. */
  readonly isDear: boolean;
}

/** Measures; `nfa` holds the pattern alone. */
export function probe(nfa: Nfa, folding: Folding | undefined): Probed {
  const automaton = new Dfa(new Configs(nfa), folding, {
    maxStates: MOST_STATES,
    patience: PROBE_UNITS,
  });
  const text = ownText(nfa);
  const isDear = (): boolean => automaton.generation + automaton.tooLarge > 0 || automaton.stepper.work > MOST_WORK;
  const lane = new Lane(automaton, SILENT);
  let candidates = 0;
  for (let at = 0; at < text.length && !isDear(); at += PIECE) {
    lane.run(text, at, at + PIECE, 0, true, Number.POSITIVE_INFINITY);
    candidates = Math.max(candidates, lane.alive);
  }
  return { candidates, isDear: isDear() };
}

/** A long counted run that can begin again inside itself. */
function pilesUp(configs: Configs, fragment: Fragment, loop: Loop): boolean {
  const counted = loop.max === Infinity ? loop.min : loop.max;
  if (counted < LONG_RUN) return false;
  const { nfa, letters } = configs;
  const node = nfa.charsIn(loop)[0];
  if (node === undefined) return false;
  const members = letters.members[nfa.set[node]!]!;
  const [from, to] = letters.range(fragment.folded);
  for (let letter = from; letter < to; letter++) {
    if (members[letter] === 0) continue;
    for (const config of configs.closure(fragment.start, configs.lookBehind.ofLetter[letter]!)) {
      const first = configs.node[config]!;
      if (nfa.kind[first] === CHARS && letters.members[nfa.set[first]!]![letter] === 1) return true;
    }
  }
  return false;
}

/** Text of the pattern's own characters in a scattered order: what would keep most of its candidates alive. */
function ownText(nfa: Nfa): string {
  const units = new Set<number>();
  for (let node = 0; node < nfa.size; node++) {
    if (nfa.kind[node] === CHARS) for (const unit of samplesOf(nfa.sets[nfa.set[node]!]!)) units.add(unit);
  }
  const choices = [...units].slice(0, 8);
  let text = '';
  // The multiplier of Numerical Recipes; its upper bits are random enough.
  for (let seed = 1; text.length < PROBE_UNITS && choices.length > 0;) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    text += String.fromCharCode(choices[(seed >>> 16) % choices.length]!);
  }
  return text;
}

/** The ends of a set's first ranges. */
function samplesOf(set: Ranges): number[] {
  return set
    .slice(0, 3)
    .flatMap(([from, to]) => [from, to])
    .filter((unit) => unit < 0xd800);
}
