/**
 * Conditions on the next letter, numbered. A configuration that looks ahead carries one; it is settled by the next
 * letter or the end of the text.
 */
import type { PatternLetters } from './pattern-letters.ts';

/** The condition that every letter and the end of the text satisfy. */
export const ALWAYS = 0;

export class LookAhead {
  private readonly letters: PatternLetters;
  /** By condition: 1 for each letter that satisfies it; the last element stands for the end of the text. */
  private readonly bits: Uint8Array[] = [];
  private readonly ids: Map<string, number> = new Map();
  private readonly joined: Map<number, number> = new Map();
  private readonly within: Map<number, Uint8Array> = new Map();

  constructor(letters: PatternLetters) {
    this.letters = letters;
    this.intern(new Uint8Array(letters.count + 1).fill(1));
  }

  /** 1 for each letter that satisfies a condition; the element behind the letters is for the end of the text. */
  lettersOf(condition: number): Uint8Array {
    return this.bits[condition]!;
  }

  acceptsEnd(condition: number): boolean {
    return this.bits[condition]![this.letters.count] === 1;
  }

  /**
   * The condition that holds where `condition` does and the next letter is in the set (or the text ends, if `edge`).
   */
  join(condition: number, set: number, edge: number): number {
    const { count, members } = this.letters;
    const key = (condition * members.length + set) * 2 + edge;
    let id = this.joined.get(key);
    if (id === undefined) {
      const bits = this.bits[condition]!;
      id = this.intern(bits.map((bit, i) => bit & (i < count ? members[set]![i]! : edge)));
      this.joined.set(key, id);
    }
    return id;
  }

  /** 1 for each letter of the set that satisfies the condition. */
  lettersIn(set: number, condition: number): Uint8Array {
    const { count, members } = this.letters;
    if (condition === ALWAYS) return members[set]!;
    const key = condition * members.length + set;
    let found = this.within.get(key);
    if (found === undefined) {
      const bits = this.bits[condition]!;
      found = members[set]!.map((member, i) => (i < count ? member & bits[i]! : 0));
      this.within.set(key, found);
    }
    return found;
  }

  private intern(bits: Uint8Array): number {
    const key = bits.join('');
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.bits.length;
      this.bits.push(bits);
      this.ids.set(key, id);
    }
    return id;
  }
}
