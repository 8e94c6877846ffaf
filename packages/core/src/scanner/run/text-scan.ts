/**
 * A complete text through a pattern set. What would be held does not matter there, so most of it need not be looked at
 * closely: patterns that require a word (`build/required.ts`) are scanned for only where one of their words stands.
 *
 *   text      Best regards, the api team. Write to a.b@c.de or call.
 *   words                       api              @
 *   scanned                    └──────┘       └───────┘
 *
 * INVARIANT: the matches are those of a stream (`scan.ts`). A match contains a word, and begins no further before it
 * than `WordAutomaton` says, so the stretch that is scanned for the word begins with the match or before it; it goes on
 * while anything is alive that began before the word. A stretch begins with the character before it, so that assertions
 * see what stands there: no match begins with that one, or the stretch would begin earlier.
 */
import { isHighSurrogate, isLowSurrogate } from '../unicode/symbols.ts';
import type { Beginnings, MatchSink, TextScan } from '../types.ts';
import { Merge } from './merge.ts';
import type { ScanPlan, TextPlan } from './plan.ts';
import { SetScan } from './scan.ts';
import { PLACE, type WordSearch } from './word-automaton.ts';

/** Units that are searched for words before the budget is looked at. */
const STRETCH = 8192;
/** Units that are scanned behind a word before the question whether anything is alive. */
const BEHIND = 24;

/** Reads one text after the other. */
interface Reader {
  sink: MatchSink;
  begins: Beginnings;
  readonly work: number;
  readonly stopped: boolean;
  read(text: string, budget: number): boolean;
}

/** The texts of a set: who has read one reads the next, whoever asks for that. */
export class Texts {
  private readonly plan: ScanPlan;
  private readonly idle: Reader[] = [];

  constructor(plan: ScanPlan) {
    this.plan = plan;
  }

  take(): Reader {
    const { plan } = this;
    return this.idle.pop() ?? (plan.text === undefined ? new PlainReader(plan) : new WordReader(plan.text));
  }

  giveBack(reader: Reader): void {
    reader.sink = NOBODY;
    reader.begins = ANYWHERE;
    if (this.idle.length < MOST_IDLE) this.idle.push(reader);
  }
}

const NOBODY: MatchSink = () => undefined;
const ANYWHERE: Beginnings = () => true;
const MOST_IDLE = 4;

/** See `PatternSet.openTexts`. */
export class SetTextScan implements TextScan {
  stopped = false;
  work = 0;
  private readonly texts: Texts;
  private readonly sink: MatchSink;
  private readonly begins: Beginnings;
  /** In the middle of a text. */
  private reader: Reader | undefined;

  constructor(texts: Texts, sink: MatchSink, begins: Beginnings = ANYWHERE) {
    this.texts = texts;
    this.sink = sink;
    this.begins = begins;
  }

  read(text: string, budget: number): boolean {
    if (this.stopped) return true;
    let { reader } = this;
    if (reader === undefined) {
      reader = this.texts.take();
      reader.sink = this.sink;
      reader.begins = this.begins;
    }
    // One whose sink throws is left in the middle of the text.
    this.reader = undefined;
    const before = reader.work;
    const isRead = reader.read(text, budget);
    this.work += reader.work - before;
    this.stopped = reader.stopped;
    if (!isRead) this.reader = reader;
    else if (!this.stopped) this.texts.giveBack(reader);
    return isRead;
  }
}

/** Scans complete texts like a stream. */
class PlainReader implements Reader {
  sink: MatchSink = NOBODY;
  begins: Beginnings = ANYWHERE;
  private readonly scan: SetScan;
  private at = 0;

  constructor(plan: ScanPlan) {
    this.scan = new SetScan(
      plan,
      (pattern, start, end, seen) => this.sink(pattern, start, end, seen),
      (pattern, from, to) => this.begins(pattern, from, to),
    );
  }

  get stopped(): boolean {
    return this.scan.stopped;
  }

  get work(): number {
    return this.scan.work;
  }

  read(text: string, budget: number): boolean {
    const { scan } = this;
    this.at = scan.writeSome(text, this.at, budget);
    if (this.at < text.length && !scan.stopped) return false;
    scan.end();
    this.at = 0;
    if (!scan.stopped) scan.reset();
    return true;
  }
}

/**
 * Scans complete texts where their words are: first for the words, then for each group near its words, then the rest.
 */
class WordReader implements Reader {
  sink: MatchSink = NOBODY;
  begins: Beginnings = ANYWHERE;
  stopped = false;
  private readonly plan: TextPlan;
  private readonly near: readonly NearScan[];
  private readonly rest: SetScan | undefined;
  private readonly merge: Merge | undefined;
  private readonly search: WordSearch;
  private searched = 0;
  /** 0 while words are searched for, then one for each group, then one for the rest. */
  private phase = 0;
  /** Index of the next unit where words are searched for, or the rest is scanned. */
  private at = 0;

  constructor(plan: TextPlan) {
    this.plan = plan;
    const { near, rest, groupOf } = plan;
    this.merge = near.length > 1 || rest !== undefined ? new Merge() : undefined;
    const out: MatchSink =
      this.merge?.listener().found ?? ((pattern, start, end, seen) => this.sink(pattern, start, end, seen));
    const begins: Beginnings = (pattern, from, to) => this.begins(pattern, from, to);
    this.near = near.map((one, group) => new NearScan(one, group, groupOf, out, begins));
    this.search = { state: 0, found: this.near.map(({ words }) => words) };
    this.rest = rest && new SetScan(rest, out, begins);
  }

  get work(): number {
    let work = this.searched + (this.rest?.work ?? 0);
    for (const near of this.near) work += near.work;
    return work;
  }

  read(text: string, budget: number): boolean {
    let left = budget;
    for (; this.phase < this.near.length + 2; this.phase++) {
      const before = this.work;
      if (!this.goOn(text, left)) return false;
      if (this.stopped) return true;
      left -= this.work - before;
    }
    this.phase = 0;
    this.stopped = this.merge !== undefined && this.merge.deliver(this.sink) >= 0;
    return true;
  }

  private goOn(text: string, budget: number): boolean {
    if (this.phase === 0) return this.findWords(text, budget);
    const near = this.near[this.phase - 1];
    if (near === undefined) return this.scanRest(text, budget);
    if (!near.read(text, budget)) return false;
    this.stopped = near.stopped;
    return true;
  }

  private findWords(text: string, budget: number): boolean {
    const { search, near } = this;
    const { words } = this.plan;
    const last = this.searched + budget;
    if (this.at === 0) {
      search.state = 0;
      for (const one of near) one.reset();
    }
    while (this.at < text.length) {
      const to = Math.min(text.length, this.at + STRETCH);
      const before = words.work;
      const looked = text.length < PLACE ? words.read(search, text, this.at, to) : -1;
      this.searched += (looked < 0 ? to - this.at : looked >> 1) + words.work - before;
      this.at = to;
      if (looked < 0) {
        // There is too much to look at, or it cannot be known where.
        for (const one of near) one.readAll();
        break;
      }
      if (this.searched >= last && to < text.length) return false;
    }
    this.at = 0;
    return true;
  }

  private scanRest(text: string, budget: number): boolean {
    const { rest } = this;
    if (rest !== undefined) {
      this.at = rest.writeSome(text, this.at, budget);
      if (this.at < text.length) return false;
      rest.end();
      rest.reset();
    }
    this.at = 0;
    return true;
  }
}

/** Scans for one group of patterns where their words are. */
class NearScan {
  /** By word: where matches may begin, times `PLACE`, plus where it begins itself. */
  readonly words: number[] = [];
  work = 0;
  private readonly plan: ScanPlan;
  private readonly sink: MatchSink;
  private readonly begins: Beginnings;
  /** Most texts need none. */
  private scan: SetScan | undefined;
  /** Index of the next word. */
  private next = 0;
  /** The stretch under way: where it begins, and the last word in it; -1 between stretches. */
  private base = -1;
  private word = 0;
  /** Index of the next unit of it. */
  private at = 0;

  constructor(plan: ScanPlan, group: number, groupOf: Uint8Array, sink: MatchSink, begins: Beginnings) {
    this.plan = plan;
    this.begins = (pattern, from, to) => begins(pattern, this.base + from, this.base + to);
    this.sink = (pattern, start, end, seen) => {
      // What belongs to others is found by them, with its true beginning.
      if (groupOf[pattern] !== group) return false;
      return sink(pattern, this.base + start, this.base + end, this.base + seen);
    };
  }

  get stopped(): boolean {
    return this.scan?.stopped === true;
  }

  reset(): void {
    this.words.length = 0;
    this.next = 0;
  }

  /** The text is one stretch. */
  readAll(): void {
    this.words.length = 0;
    this.begin(0, Number.POSITIVE_INFINITY);
  }

  read(text: string, budget: number): boolean {
    const { words } = this;
    if (this.next === 0 && !isAscending(words)) words.sort((a, b) => a - b);
    for (let left = budget; ;) {
      if (this.base < 0) {
        if (this.next === words.length) return true;
        const word = words[this.next++]!;
        this.begin(beforePlace(text, firstOf(word)), word % PLACE);
      }
      const before = this.scan!.work;
      this.goOn(this.scan!, text, left);
      const work = this.scan!.work - before;
      this.work += work;
      left -= work;
      if (this.stopped) return true;
      if (left <= 0 && (this.base >= 0 || this.next < words.length)) return false;
    }
  }

  /** Scans on behind the last word of the stretch. */
  private goOn(scan: SetScan, text: string, budget: number): void {
    const { words } = this;
    while (this.isDue) this.word = Math.max(this.word, words[this.next++]! % PLACE);
    const to = Math.min(text.length, Math.max(this.at, this.word) + BEHIND);
    this.at += scan.writeSome(text.slice(this.at, to), 0, budget);
    if (this.at === text.length) {
      scan.end();
      this.next = words.length;
      this.base = -1;
      // What begins before here may have a word further on.
    } else if (this.base + scan.hold > this.word && !this.isDue) this.base = -1;
  }

  /** The next word belongs to the stretch under way. */
  private get isDue(): boolean {
    return this.next < this.words.length && firstOf(this.words[this.next]!) <= this.at;
  }

  private begin(base: number, word: number): void {
    if (this.scan === undefined) this.scan = new SetScan(this.plan, this.sink, this.begins);
    else this.scan.reset();
    this.base = base;
    this.at = base;
    this.word = word;
  }
}

const firstOf = (found: number): number => Math.floor(found / PLACE);

/** The beginning of the character before a place. */
function beforePlace(text: string, place: number): number {
  const isPair = place > 1 && isLowSurrogate(text.charCodeAt(place - 1)) && isHighSurrogate(text.charCodeAt(place - 2));
  return Math.max(0, place - (isPair ? 2 : 1));
}

function isAscending(values: readonly number[]): boolean {
  for (let i = 1; i < values.length; i++) if (values[i]! < values[i - 1]!) return false;
  return true;
}
