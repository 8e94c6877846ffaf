import type { PatternContext } from '../contract/detector.ts';

const HEADS: unique symbol = Symbol('heads');

interface Headed extends PatternContext {
  readonly [HEADS]?: readonly string[];
}

/**
 * A context that refuses every match, as written, that begins with none of the heads. Nearly a hundred kinds of tokens
 * ask about one candidate: with this, only those are asked whose head it has.
 */
export function withHeads(context: PatternContext, heads: readonly string[] | undefined): PatternContext {
  return heads === undefined ? context : ({ ...context, [HEADS]: heads } as Headed);
}

export const headsOf = (context: Headed | undefined): readonly string[] | undefined => context?.[HEADS];

interface Asks {
  readonly context: PatternContext;
}

/** A beginning of heads, and who is to be asked about what begins with it and goes on otherwise. */
interface Beginning<T> {
  readonly asking: T[];
  readonly next: Map<number, Beginning<T>>;
}

/** Those who ask about one candidate, by its head. */
export class AskingByHead<T extends Asks> {
  readonly #root: Beginning<T>;

  private constructor(asking: readonly T[]) {
    this.#root = { asking: asking.filter(({ context }) => headsOf(context) === undefined), next: new Map() };
    for (const one of asking) for (const head of headsOf(one.context) ?? []) this.#at(head).asking.push(one);
    const order = new Map(asking.map((one, index) => [one, index]));
    const settle = ({ asking: at, next }: Beginning<T>, before: readonly T[]): void => {
      const all = [...new Set([...before, ...at])].sort((a, b) => order.get(a)! - order.get(b)!);
      at.splice(0, at.length, ...all);
      for (const longer of next.values()) settle(longer, all);
    };
    settle(this.#root, []);
  }

  /** `undefined` where nobody has a head. */
  static of<T extends Asks>(asking: readonly T[]): AskingByHead<T> | undefined {
    return asking.some(({ context }) => headsOf(context) !== undefined) ? new AskingByHead(asking) : undefined;
  }

  /** Those who do not refuse the match for its head, in their order. */
  about(match: string): readonly T[] {
    let at = this.#root;
    for (let i = 0; i < match.length; i++) {
      const next = at.next.get(match.charCodeAt(i));
      if (next === undefined) break;
      at = next;
    }
    return at.asking;
  }

  #at(head: string): Beginning<T> {
    let at = this.#root;
    for (let i = 0; i < head.length; i++) {
      let next = at.next.get(head.charCodeAt(i));
      if (next === undefined) at.next.set(head.charCodeAt(i), (next = { asking: [], next: new Map() }));
      at = next;
    }
    return at;
  }
}
