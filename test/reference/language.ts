import { RegExpParser, type AST } from '@eslint-community/regexpp';
import { alone, codePointOf, firstHalf, isFirst, isSecond, secondHalf, unitOf, type Symbol } from './symbols.ts';

/**
 * The language of one regular expression, read by hand: which candidates are alive after a text, that is, which can
 * still become a match by some continuation. Thompson's construction with one-symbol assertions, simulated from every
 * start; what the characters of a set are is asked of `RegExp` itself. Slow and plain: it exists to contradict the
 * scanner.
 */
export class Language {
  readonly #nodes: Node[] = [];
  readonly #predicates: Predicate[] = [];
  readonly #start: number;
  /** Symbols that all predicates treat alike are one class; the last class is the end of the text. */
  readonly #classes = new Map<string, number>();
  readonly #classOf = new Map<Symbol, number>();
  readonly #holds: boolean[][] = [];
  readonly #conditions: Condition[] = [];
  readonly #conditionIds = new Map<string, number>();
  readonly #configs: Config[] = [];
  readonly #configIds = new Map<number, number>();
  readonly #steps = new Map<number, Step>();
  readonly #closures = new Map<number, readonly number[]>();
  readonly #dead = new Set<number>();
  readonly #live = new Set<number>();
  #edge = 0;

  constructor(find: RegExp) {
    const unicode = /[uv]/.test(find.flags);
    const pattern = new RegExpParser().parsePattern(find.source, undefined, undefined, {
      unicode: find.unicode,
      unicodeSets: find.flags.includes('v'),
    });
    const accept = this.#node({ kind: 'accept' });
    this.#start = this.#alternatives(pattern.alternatives, accept, { find, unicode });
    for (const symbol of UNIVERSE) this.#classify(symbol);
    this.#edge = this.#holds.length;
    this.#holds.push(this.#predicates.map(({ edge }) => edge));
  }

  /** Candidates that start before the first symbol. `previous` is the symbol in front of it, if any. */
  begin(previous: Symbol | undefined): readonly number[] {
    return this.#closure(this.#start, previous === undefined ? this.#edge : this.#classify(previous));
  }

  /** What becomes of a candidate when a symbol arrives (`undefined`: the text ends). */
  step(configs: readonly number[], symbol: Symbol | undefined): Step {
    const next = symbol === undefined ? this.#edge : this.#classify(symbol);
    const reached = new Set<number>();
    let matchedBefore = false;
    let matched = false;
    for (const config of configs) {
      const step = this.#stepOf(config, next);
      matchedBefore ||= step.matchedBefore;
      matched ||= step.matched;
      for (const live of step.configs) reached.add(live);
    }
    return { configs: [...reached], matchedBefore, matched };
  }

  #stepOf(config: number, next: number): Step {
    const key = config * 256 + next;
    const known = this.#steps.get(key);
    if (known !== undefined) return known;
    const { node, condition } = this.#configs[config]!;
    const to = this.#nodes[node]!;
    let step: Step = NOWHERE;
    if (this.#conditions[condition]!.holds[next]) {
      if (to.kind === 'accept') step = { configs: [], matchedBefore: true, matched: false };
      else if (to.kind === 'chars' && next !== this.#edge && this.#holds[next]![to.set]!) {
        const configs = this.#closure(to.to, next);
        const matched = configs.some((reached) => this.#isMatch(reached));
        step = { configs: configs.filter((reached) => !this.#isMatch(reached)), matchedBefore: false, matched };
      }
    }
    this.#steps.set(key, step);
    return step;
  }

  /** A match whatever follows. */
  #isMatch(config: number): boolean {
    const { node, condition } = this.#configs[config]!;
    return this.#nodes[node]!.kind === 'accept' && this.#conditions[condition]!.always;
  }

  /** Live configurations reached without consuming anything, after a symbol of class `previous`. */
  #closure(from: number, previous: number): readonly number[] {
    const key = from * 256 + previous;
    const known = this.#closures.get(key);
    if (known !== undefined) return known;
    const all = this.#reach(from, previous);
    const live = all.filter((config) => this.#isLive(config));
    this.#closures.set(key, live);
    return live;
  }

  #reach(from: number, previous: number): number[] {
    const found = new Set<number>();
    const seen = new Set<string>();
    const visit = (at: number, ahead: readonly number[]): void => {
      const key = `${at}:${ahead.join()}`;
      if (seen.has(key)) return;
      seen.add(key);
      const node = this.#nodes[at]!;
      if (node.kind === 'split') for (const to of node.to) visit(to, ahead);
      else if (node.kind === 'behind') {
        if (this.#holds[previous]![node.set]!) visit(node.to, ahead);
      } else if (node.kind === 'ahead')
        visit(node.to, ahead.includes(node.set) ? ahead : [...ahead, node.set].sort((a, b) => a - b));
      else found.add(this.#config(at, this.#condition(ahead)));
    };
    visit(from, []);
    return [...found];
  }

  /** True when some continuation completes a match from here. */
  #isLive(config: number): boolean {
    if (this.#live.has(config)) return true;
    if (this.#dead.has(config)) return false;
    const seen = new Set<number>([config]);
    for (const at of seen) {
      const { node, condition } = this.#configs[at]!;
      const { holds } = this.#conditions[condition]!;
      const here = this.#nodes[node]!;
      if (here.kind === 'accept' ? holds.includes(true) : this.#live.has(at)) {
        this.#live.add(config);
        return true;
      }
      if (here.kind !== 'chars') continue;
      for (let next = 0; next < this.#edge; next++) {
        if (holds[next] && this.#holds[next]![here.set]!)
          for (const reached of this.#reach(here.to, next)) seen.add(reached);
      }
    }
    for (const at of seen) this.#dead.add(at);
    return false;
  }

  #config(node: number, condition: number): number {
    const key = node * 0x10000 + condition;
    let id = this.#configIds.get(key);
    if (id === undefined) {
      id = this.#configs.push({ node, condition }) - 1;
      this.#configIds.set(key, id);
    }
    return id;
  }

  /** All of these predicates hold for the next symbol or the end. */
  #condition(predicates: readonly number[]): number {
    const key = predicates.join();
    let id = this.#conditionIds.get(key);
    if (id === undefined) {
      const holds = this.#holds.map((row) => predicates.every((predicate) => row[predicate]!));
      id = this.#conditions.push({ holds, always: !holds.includes(false) }) - 1;
      this.#conditionIds.set(key, id);
    }
    return id;
  }

  #classify(symbol: Symbol): number {
    let known = this.#classOf.get(symbol);
    if (known === undefined) {
      const holds = this.#predicates.map((predicate) => predicate.test(symbol));
      const key = holds.map(Number).join('');
      known = this.#classes.get(key);
      if (known === undefined) {
        if (this.#edge > 0)
          throw new Error(`symbol ${symbol.toString(16)} is like none of the symbols that liveness is judged by`);
        known = this.#holds.push(holds) - 1;
        this.#classes.set(key, known);
      }
      this.#classOf.set(symbol, known);
    }
    return known;
  }

  #node(node: Node): number {
    return this.#nodes.push(node) - 1;
  }

  #predicate(test: (symbol: Symbol) => boolean, edge: boolean): number {
    return this.#predicates.push({ test, edge }) - 1;
  }

  #alternatives(alternatives: readonly AST.Alternative[], to: number, mode: PatternMode): number {
    const starts = alternatives.map(({ elements }) =>
      elements.reduceRight((next, element) => this.#element(element, next, mode), to),
    );
    return starts.length === 1 ? starts[0]! : this.#node({ kind: 'split', to: starts });
  }

  /** The node where matching the element begins; it goes on at `to`. */
  #element(element: AST.Element, to: number, mode: PatternMode): number {
    switch (element.type) {
      case 'Group':
      case 'CapturingGroup':
        return this.#alternatives(element.alternatives, to, mode);
      case 'Assertion':
        return this.#assertion(element, to, mode);
      case 'Quantifier':
        return this.#quantifier(element, to, mode);
      case 'Character':
      case 'CharacterSet':
      case 'CharacterClass':
        return this.#chars(charTest(element.raw, mode.find.flags), to, mode.unicode);
      default:
        throw new Error(`the reference does not read \`${element.raw}\``);
    }
  }

  #chars(test: (codePoint: number) => boolean, to: number, unicode: boolean): number {
    if (!unicode)
      return this.#node({ kind: 'chars', set: this.#predicate((symbol) => test(unitOf(symbol)), false), to });
    const single = this.#predicate((symbol) => !isFirst(symbol) && !isSecond(symbol) && test(symbol), false);
    const first = this.#predicate((symbol) => isFirst(symbol) && test(codePointOf(symbol)), false);
    const second = this.#node({ kind: 'chars', set: this.#predicate(isSecond, false), to });
    return this.#node({
      kind: 'split',
      to: [this.#node({ kind: 'chars', set: single, to }), this.#node({ kind: 'chars', set: first, to: second })],
    });
  }

  #quantifier({ element, min, max }: AST.Quantifier, to: number, mode: PatternMode): number {
    let next = to;
    if (max === Number.POSITIVE_INFINITY) {
      const exits = [to];
      const loop = this.#node({ kind: 'split', to: exits });
      exits.push(this.#element(element, loop, mode));
      next = loop;
    } else {
      for (let i = min; i < max; i++)
        next = this.#node({ kind: 'split', to: [to, this.#element(element, next, mode)] });
    }
    for (let i = 0; i < min; i++) next = this.#element(element, next, mode);
    return next;
  }

  #assertion(assertion: AST.Assertion, to: number, mode: PatternMode): number {
    const { flags } = mode.find;
    /** The neighbour is what `test` says, or there is none and `edge`. */
    const beside = (
      kind: 'ahead' | 'behind',
      test: (codePoint: number) => boolean,
      edge: boolean,
      next: number,
    ): number => {
      const at = mode.unicode ? codePointOf : unitOf;
      return this.#node({ kind, set: this.#predicate((symbol) => test(at(symbol)), edge), to: next });
    };
    if (assertion.kind === 'start' || assertion.kind === 'end') {
      const line = charTest('[\\n\\r\\u2028\\u2029]', '');
      return beside(
        assertion.kind === 'start' ? 'behind' : 'ahead',
        (char) => flags.includes('m') && line(char),
        true,
        to,
      );
    }
    if (assertion.kind === 'word') {
      const word = charTest('\\w', flags);
      const other = (char: number): boolean => !word(char);
      const both = (behind: (char: number) => boolean, ahead: (char: number) => boolean): number =>
        beside('behind', behind, behind === other, beside('ahead', ahead, ahead === other, to));
      const cases = assertion.negate ? [both(word, word), both(other, other)] : [both(word, other), both(other, word)];
      return this.#node({ kind: 'split', to: cases });
    }
    const { alternatives, negate } = assertion as AST.LookaroundAssertion;
    const test = charTest(alternatives.map(({ raw }) => raw).join('|'), flags);
    return beside(assertion.kind === 'lookahead' ? 'ahead' : 'behind', (char) => test(char) !== negate, negate, to);
  }
}

type Node =
  | { readonly kind: 'accept' }
  | { readonly kind: 'chars' | 'behind' | 'ahead'; readonly set: number; readonly to: number }
  | { readonly kind: 'split'; readonly to: readonly number[] };

interface Predicate {
  readonly test: (symbol: Symbol) => boolean;
  readonly edge: boolean;
}

interface Condition {
  readonly holds: readonly boolean[];
  readonly always: boolean;
}

interface Config {
  readonly node: number;
  readonly condition: number;
}

/** What a symbol does to a candidate. */
export interface Step {
  readonly configs: readonly number[];
  /** The candidate was a match already, and the symbol has confirmed it. */
  readonly matchedBefore: boolean;
  /** The candidate is a match including the symbol, whatever follows. */
  readonly matched: boolean;
}

const NOWHERE: Step = { configs: [], matchedBefore: false, matched: false };

interface PatternMode {
  readonly find: RegExp;
  readonly unicode: boolean;
}

const tests = new Map<string, (codePoint: number) => boolean>();

/** Whether a character is matched by a piece of pattern that matches single characters, according to `RegExp`. */
function charTest(raw: string, flags: string): (codePoint: number) => boolean {
  const key = `${flags}/${raw}`;
  let test = tests.get(key);
  if (test === undefined) {
    const single = new RegExp(`^(?:${raw})$`, flags.replaceAll(/[gmyd]/g, ''));
    const known = new Map<number, boolean>();
    test = (codePoint) => {
      let matches = known.get(codePoint);
      if (matches === undefined) known.set(codePoint, (matches = single.test(String.fromCodePoint(codePoint))));
      return matches;
    };
    tests.set(key, test);
  }
  return test;
}

/** Symbols that continuations are made of: at least one of every kind that the tests' patterns tell apart. */
const UNIVERSE: readonly Symbol[] = [
  ...Array.from({ length: 0x250 }, (_, unit) => alone(unit)),
  ...[
    0x300, 0x301, 0x3b1, 0x3b9, 0x410, 0x430, 0x435, 0x4e2d, 0x1e9e, 0x2010, 0x2011, 0x2013, 0x200b, 0x200d, 0x2028,
    0x212a, 0xfe0f, 0xff21, 0xff41, 0xff10, 0xfffd,
  ].map(alone),
  ...[0xd800, 0xd83d, 0xdbff, 0xdc00, 0xde00, 0xdfff].map(alone),
  ...[0x10400, 0x10428, 0x1d41a, 0x1f600, 0x1f601, 0x20000].flatMap((codePoint) => [
    firstHalf(codePoint),
    secondHalf(codePoint),
  ]),
];
