/**
 * All key words that anybody looks for, so that a text is looked through once for all of them. Around nearly every
 * candidate there is none, and whoever asks learns that without a search of his own.
 */

/** Units by which words are filed. Shorter words are not. */
export const HEAD = 3;
const BUCKETS = 1 << 14;

export class KeyWordIndex {
  readonly #numbers: Map<string, number> = new Map();
  readonly #words: string[] = [];
  /** By hash of a head: is there a word with it? */
  readonly #marks: Uint8Array = new Uint8Array(BUCKETS);
  readonly #byHead: Map<number, number[]> = new Map();

  /** The number of a word of at least `HEAD` units. */
  add(word: string): number {
    let number = this.#numbers.get(word);
    if (number !== undefined) return number;
    number = this.#words.length;
    this.#words.push(word);
    this.#numbers.set(word, number);
    const head = headAt(word, 0);
    this.#marks[head] = 1;
    const same = this.#byHead.get(head);
    if (same === undefined) this.#byHead.set(head, [number]);
    else same.push(number);
    return number;
  }

  /** The numbers of the words that stand in a text. */
  in(text: string): readonly number[] {
    const found: number[] = [];
    for (let at = 0; at + HEAD <= text.length; at++) {
      const head = headAt(text, at);
      if (this.#marks[head] === 0) continue;
      for (const number of this.#byHead.get(head)!) {
        if (text.startsWith(this.#words[number]!, at)) found.push(number);
      }
    }
    return found;
  }
}

function headAt(text: string, at: number): number {
  return (text.charCodeAt(at) * 1021 + text.charCodeAt(at + 1) * 31 + text.charCodeAt(at + 2)) & (BUCKETS - 1);
}
