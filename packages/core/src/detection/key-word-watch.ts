/**
 * Where the letters of key words stand in a text. A hundred recognisers ask for each number whether one of their key
 * words is near; here the text is looked through once for all of them, and only around what they ask about. Nearly
 * always the answer is that there is none at all, for any of them.
 *
 * What is found is letters: whether they are a word, with its edges, is for whoever looks for it.
 */
import { codePointOf, isHighSurrogate, isLowSurrogate } from '../scanner/unicode/symbols.ts';
import { asciiLetter, lettersOfCharacter, watched } from './key-letters.ts';

/** Letters by whose end words are filed; shorter words by their last one. */
const TAIL = 3;
const BUCKETS = 1 << 14;

/** The key words of several lists. */
export class KeyWordWatch {
  /** By word: its letters, and the lists that have it. */
  readonly words: string[] = [];
  readonly lists: number[][] = [];
  readonly #numbers: Map<string, number> = new Map();
  readonly #marks: Uint8Array = new Uint8Array(BUCKETS);
  readonly #byTail: Map<number, number[]> = new Map();
  readonly #short: Map<number, number[]> = new Map();
  readonly #shortMarks: Uint8Array = new Uint8Array(256);
  /** Letters of the longest word. */
  readonly longest: number;

  constructor(lists: readonly (readonly string[])[]) {
    for (const [list, words] of lists.entries()) for (const word of words) this.#add(watched(word), list);
    this.longest = Math.max(0, ...this.words.map(({ length }) => length));
  }

  #add(word: string, list: number): void {
    if (word === '') return;
    const number = this.#numbers.get(word);
    if (number !== undefined) {
      if (!this.lists[number]!.includes(list)) this.lists[number]!.push(list);
      return;
    }
    this.#numbers.set(word, this.words.length);
    const last = word.length - 1;
    if (word.length < TAIL) {
      this.#shortMarks[word.charCodeAt(last) & 255] = 1;
      file(this.#short, word.charCodeAt(last), this.words.length);
    } else {
      const tail = tailOf(word.charCodeAt(last - 2), word.charCodeAt(last - 1), word.charCodeAt(last));
      this.#marks[tail] = 1;
      file(this.#byTail, tail, this.words.length);
    }
    this.words.push(word);
    this.lists.push([list]);
  }

  /** Words that may end with a letter, after the two before it: by the last three letters, and short ones. */
  ending(first: number, second: number, third: number): readonly number[] | undefined {
    const tail = tailOf(first, second, third);
    return this.#marks[tail] === 0 ? undefined : this.#byTail.get(tail);
  }

  shortEnding(letter: number): readonly number[] | undefined {
    return this.#shortMarks[letter & 255] === 0 ? undefined : this.#short.get(letter);
  }
}

function file(into: Map<number, number[]>, key: number, number: number): void {
  const same = into.get(key);
  if (same === undefined) into.set(key, [number]);
  else same.push(number);
}

const tailOf = (first: number, second: number, third: number): number =>
  (first * 1021 + second * 31 + third) & (BUCKETS - 1);

/** Letters that are read before the oldest are forgotten. */
const ROOM = 512;
/** Words found that are kept. */
const MOST_FOUND = 4096;
/** Units that are read rather than left out, so that what stands in them need not be looked for apart. */
const GAP = 256;

/** The lists of which a key word stands in a stretch. */
export interface NearLists {
  has(list: number): boolean;
}

/** A text of which a part is kept. */
export interface Units {
  /** Position of the first unit that is kept. */
  readonly first: number;
  slice(from: number, to: number): string;
}

/** One text, read as far as anybody has asked. */
export class KeyWordsIn {
  readonly #watch: KeyWordWatch;
  /** Words that begin before it are not known. */
  #from = 0;
  #position = 0;
  /** The letters read last, and the place of the character that each is of. */
  readonly #letters: Uint16Array;
  readonly #starts: Float64Array;
  #count = 0;
  /** Words found, by their ends: where they begin and end, and which. */
  #foundStarts: number[] = [];
  #foundEnds: number[] = [];
  #foundWords: number[] = [];
  readonly #answers: readonly Answer[] = [new Answer(), new Answer()];
  #turn = 0;

  constructor(watch: KeyWordWatch) {
    this.#watch = watch;
    const room = Math.max(ROOM, 2 * watch.longest);
    this.#letters = new Uint16Array(room + MOST_OF_ONE);
    this.#starts = new Float64Array(room + MOST_OF_ONE);
  }

  /**
   * The lists of which letters stand in `[from, to)`, as far as the text is kept; `undefined` if none do. Answers hold
   * until the next but one.
   */
  near(text: string | Units, from: number, to: number): NearLists | undefined {
    const first = typeof text === 'string' ? 0 : text.first;
    const start = Math.max(from, first);
    if (start >= to) return undefined;
    if (start > this.#position + GAP || this.#position < first) this.#beginAt(start);
    else if (start < this.#from) return this.#apart(text.slice(start, to));
    if (this.#position < to) this.#read(text.slice(this.#position, to));
    return this.#found(start, to);
  }

  #found(from: number, to: number): NearLists | undefined {
    const ends = this.#foundEnds;
    let at = ends.length - 1;
    if (at < 0 || ends[at]! <= from) return undefined;
    if (ends[at]! > to) at = lastUpTo(ends, to);
    let answer: Answer | undefined;
    for (; at >= 0 && ends[at]! > from; at--) {
      if (this.#foundStarts[at]! < from) continue;
      if (answer === undefined) {
        const known = this.#answers.findIndex((one) => one.from === from && one.to === to);
        // The other one is the next to be made anew.
        this.#turn = known < 0 ? 1 - this.#turn : known;
        answer = this.#answers[this.#turn]!;
        if (known >= 0) return answer;
        answer.begin(from, to);
      }
      answer.add(this.#watch.lists[this.#foundWords[at]!]!);
    }
    return answer;
  }

  /** A stretch that begins before what is known. */
  #apart(text: string): NearLists | undefined {
    return new KeyWordsIn(this.#watch).near(text, 0, text.length);
  }

  #beginAt(position: number): void {
    this.#from = position;
    this.#position = position;
    this.#count = 0;
    this.#foundStarts.length = this.#foundEnds.length = this.#foundWords.length = 0;
  }

  #read(text: string): void {
    const base = this.#position;
    const to = base + text.length;
    let at = base;
    while (at < to) {
      const unit = text.charCodeAt(at - base);
      if (unit < 0x80) {
        const letter = asciiLetter(unit);
        if (letter !== 0) this.#add(letter, at, at + 1);
        at++;
        continue;
      }
      let codePoint = unit;
      let end = at + 1;
      if (isHighSurrogate(unit)) {
        // What follows it may come later. No word ends with one half of a pair.
        if (end === to) break;
        const next = text.charCodeAt(end - base);
        if (isLowSurrogate(next)) {
          codePoint = codePointOf(unit, next);
          end++;
        }
      }
      for (const letter of lettersOfCharacter(codePoint)) this.#add(letter, at, end);
      at = end;
    }
    this.#position = at;
    if (this.#foundEnds.length > MOST_FOUND) this.#forgetFound();
  }

  #add(letter: number, start: number, end: number): void {
    const letters = this.#letters;
    if (this.#count >= letters.length) this.#forgetLetters();
    const at = this.#count++;
    letters[at] = letter;
    this.#starts[at] = start;
    const short = this.#watch.shortEnding(letter);
    if (short !== undefined) this.#look(short, at, end);
    if (at < TAIL - 1) return;
    const words = this.#watch.ending(letters[at - 2]!, letters[at - 1]!, letter);
    if (words !== undefined) this.#look(words, at, end);
  }

  #look(words: readonly number[], at: number, end: number): void {
    for (const number of words) {
      const word = this.#watch.words[number]!;
      const first = at - word.length + 1;
      if (first < 0) continue;
      let i = word.length - 1;
      while (i >= 0 && word.charCodeAt(i) === this.#letters[first + i]) i--;
      if (i >= 0) continue;
      this.#foundStarts.push(this.#starts[first]!);
      this.#foundEnds.push(end);
      this.#foundWords.push(number);
    }
  }

  #forgetLetters(): void {
    const kept = this.#watch.longest;
    this.#letters.copyWithin(0, this.#count - kept, this.#count);
    this.#starts.copyWithin(0, this.#count - kept, this.#count);
    this.#count = kept;
  }

  #forgetFound(): void {
    const cut = MOST_FOUND >> 1;
    // What was forgotten began no later than where the last of it ends.
    this.#from = Math.max(this.#from, this.#foundEnds[cut - 1]!);
    this.#foundStarts.splice(0, cut);
    this.#foundEnds.splice(0, cut);
    this.#foundWords.splice(0, cut);
  }
}

/** Letters that folding reads from one character, at most. */
const MOST_OF_ONE = 32;

class Answer implements NearLists {
  from = -1;
  to = -1;
  readonly #lists: Set<number> = new Set();

  begin(from: number, to: number): void {
    this.from = from;
    this.to = to;
    this.#lists.clear();
  }

  add(lists: readonly number[]): void {
    for (const list of lists) this.#lists.add(list);
  }

  has(list: number): boolean {
    return this.#lists.has(list);
  }
}

/** Index of the last that is not above a bound; they ascend. */
function lastUpTo(values: readonly number[], bound: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= bound) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
